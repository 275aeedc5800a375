"""Registers in each format. The formats write the model of `privacy_rules.registers.model`, and know no kind of register."""
