"""Terms and how they stand to one another, values, and the attributes that entities have."""
