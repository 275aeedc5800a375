// Invisible characters, as in privacy_rules/source/invisible_characters.py: joiners and variation selectors stay where they have a visible effect.
const JOINING = "\\u0600-\\u0dff\\u0f00-\\u109f\\u1780-\\u18af", SELECTORS = "\\ufe0e\\ufe0f";
const EMOJI = "\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u23ff\\u24c2\\u25a0-\\u27bf\\u2900-\\u297f\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299\\u{1f000}-\\u{1faff}";
const INVISIBLE = new RegExp([
  "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ud800-\\udfff\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
  `(?<![${EMOJI}${SELECTORS}${JOINING}])\\u200d`, `(?<=[${EMOJI}${SELECTORS}])\\u200d(?![${EMOJI}])`,
  `(?<=[${JOINING}])[\\u200c\\u200d](?![${JOINING}])`, `(?<![${JOINING}])\\u200c`,
  `(?<![${EMOJI}0-9#*])[${SELECTORS}]`, `(?<=[0-9#*])[${SELECTORS}](?!\\u20e3)`,
].join("|"), "gu");

export const visible = (text) => String(text).replace(INVISIBLE, (each) => `\\u${each.codePointAt(0).toString(16).padStart(4, "0")}`);
