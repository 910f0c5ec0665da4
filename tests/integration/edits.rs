//! Edits of a project at random: lines that change places, numbers that move, files that come and go; and what is found then.

use etalon::rules::{Files, Finding};
use etalon::text::{Span, Texts};

/// Numbers that follow from a seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below `sides`.
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides.max(1)
    }

    fn one<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.throw(things.len())]
    }
}

/// Edits the project, and says how.
pub(crate) fn edit(files: &mut Files, dice: &mut Dice) -> String {
    let metrics: Vec<String> = files.keys().filter(|name| name.starts_with("metrics/")).cloned().collect();
    match dice.throw(12) {
        0 => remove(files, dice, &metrics),
        1 => copy(files, dice, &metrics),
        2 => remove_folder(files, dice, &metrics),
        3 => anywhere(files, dice),
        4 | 5 => number(files, dice, &metrics),
        _ => line(files, dice, &metrics),
    }
}

/// Puts the line of one file in the place of the line with the same key in another.
fn line(files: &mut Files, dice: &mut Dice, metrics: &[String]) -> String {
    let (from, to) = (dice.one(metrics).clone(), dice.one(metrics).clone());
    let lines: Vec<String> = files[&from].lines().filter(|line| line.contains(": ")).map(str::to_owned).collect();
    let Some(line) = (!lines.is_empty()).then(|| dice.one(&lines).clone()) else { return "nothing".to_owned() };
    let key = line.split(": ").next().unwrap_or_default().to_owned();
    let text = files.get_mut(&to).expect("listed");
    let replaced = |old: &str| if old.split(": ").next() == Some(key.as_str()) { line.clone() } else { old.to_owned() };
    *text = text.lines().map(|old| replaced(old) + "\n").collect();
    format!("`{line}` of {from} in {to}")
}

/// Changes a number.
fn number(files: &mut Files, dice: &mut Dice, names: &[String]) -> String {
    let name = dice.one(names).clone();
    let text = files.get_mut(&name).expect("listed");
    let digits: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let Some(at) = (!digits.is_empty()).then(|| *dice.one(&digits)) else { return "nothing".to_owned() };
    let digit = dice.throw(10).to_string();
    text.replace_range(at..=at, &digit);
    format!("byte {at} of {name} becomes {digit}")
}

fn remove(files: &mut Files, dice: &mut Dice, names: &[String]) -> String {
    let name = dice.one(names).clone();
    files.remove(&name);
    format!("{name} is removed")
}

/// Copies a metric with its cases under another name.
fn copy(files: &mut Files, dice: &mut Dice, names: &[String]) -> String {
    let of = folder(dice.one(names).as_str());
    let id = format!("{of}_{}", dice.throw(1_000));
    let copied: Vec<(String, String)> = files
        .iter()
        .filter(|(name, _)| folder(name) == of)
        .map(|(name, text)| {
            (name.replacen(&of, &id, 1), text.replace(&format!("metric: {of}"), &format!("metric: {id}")))
        })
        .collect();
    files.extend(copied);
    format!("{of} is copied as {id}")
}

fn remove_folder(files: &mut Files, dice: &mut Dice, names: &[String]) -> String {
    let of = folder(dice.one(names).as_str());
    files.retain(|name, _| folder(name) != of);
    format!("{of} is removed")
}

/// Changes a number in any file: the lock, a standard, a source.
fn anywhere(files: &mut Files, dice: &mut Dice) -> String {
    let names: Vec<String> = files.keys().cloned().collect();
    number(files, dice, &names)
}

/// Returns the name of a metric's folder.
fn folder(name: &str) -> String {
    name.split('/').nth(1).unwrap_or_default().to_owned()
}

/// Returns everything that a finding says.
pub(crate) fn told(texts: &Texts, findings: &[Finding]) -> Vec<String> {
    let place = |span: Span| format!("{}:{} {:?}", texts.get(span.text).name, texts.position(span), texts.slice(span));
    let one = |finding: &Finding| {
        let diagnostic = &finding.diagnostic;
        let labels: Vec<String> = diagnostic
            .labels
            .iter()
            .map(|label| format!("{} {} {}", place(label.span), label.text, label.primary))
            .collect();
        let accepted = finding.accepted.as_ref().map(|it| format!("{} {} {}", it.by, it.reason, place(it.span)));
        format!(
            "{} {:?} {:?} {} {labels:#?} {:?} {} {accepted:?}",
            finding.rule.id,
            finding.metric,
            diagnostic.severity,
            diagnostic.message,
            diagnostic.help,
            finding.fingerprint
        )
    };
    findings.iter().map(one).collect()
}
