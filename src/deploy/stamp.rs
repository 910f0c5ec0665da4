//! The stamp of a deployed file or object: which version of which metric it is, what that meant, how it was asked for, and
//! whether a hand has changed it since.
//!
//! One line of words, the same in a comment of SQL, of YAML and in the catalogue of an engine. Knows no file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::settings::{Form, Kept, Moment, Settings};
use crate::catalog::Fingerprints;
use crate::plan::fingerprint::digest;
use crate::sql::Dialect;
use crate::value::Instant;

/// What a stamp begins with.
pub const MARK: &str = "etalon-stamp: ";

/// The version of the stamp and of the files it stands in; changes when the same definition is written otherwise.
pub const FORMAT: &str = "1";

/// The words of a stamp, in their order.
const KEYS: [&str; 21] = [
    "format", "metric", "version", "data", "reading", "parents", "plan", "part", "form", "kept", "dialect", "object",
    "grain", "by", "from", "since", "until", "as_of", "settles", "schema", "digest",
];

/// What stands for nothing.
const NOTHING: &str = "-";

/// A stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The metric or its variant.
    pub metric: String,
    /// Its version.
    pub version: String,
    /// What the version means, as a lock holds it.
    pub fingerprints: Fingerprints,
    /// What this reading of it means, its sources and parts included.
    pub plan: String,
    /// Which of several files it is.
    pub part: String,
    /// What is deployed, as the engine calls it.
    pub object: String,
    /// How it was asked for.
    pub settings: Settings,
}

/// A stamp that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The stamp.
    pub stamp: Stamp,
    /// Where it stands.
    pub range: Range<usize>,
    /// The version of the stamp.
    pub format: String,
    /// The digest it carries.
    pub digest: String,
}

/// Why a stamp cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it stands.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub reason: String,
}

impl Stamp {
    /// Writes the stamp without a digest, which [`sealed`] puts in.
    pub fn write(&self) -> String {
        let Settings { form, kept, dialect, grain, by, from, since, until, as_of, settles, schema } = &self.settings;
        let or_nothing = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
        let by = Some(by.join(",")).filter(|by| !by.is_empty());
        let values = [
            FORMAT.to_owned(),
            self.metric.clone(),
            self.version.clone(),
            self.fingerprints.data.clone(),
            self.fingerprints.reading.clone(),
            self.fingerprints.parents.clone(),
            self.plan.clone(),
            self.part.clone(),
            form.name().to_owned(),
            or_nothing(kept.map(|kept| kept.name().to_owned())),
            dialect.name.to_owned(),
            self.object.clone(),
            grain.name().to_owned(),
            or_nothing(by),
            or_nothing(from.map(|from| from.to_string())),
            since.to_string(),
            until.to_string(),
            as_of.to_string(),
            or_nothing(settles.map(|settles| settles.to_string())),
            or_nothing(schema.clone()),
            String::new(),
        ];
        let words = KEYS.iter().zip(values).map(|(key, value)| format!("{key}={}", escaped(&value)));
        format!("{MARK}{}", words.collect::<Vec<_>>().join(" "))
    }

    /// Finds the first stamp of a text.
    ///
    /// # Errors
    /// When there is one and it cannot be read.
    pub fn find(text: &str) -> Result<Option<Found>, Unreadable> {
        let Some(start) = text.find(MARK) else { return Ok(None) };
        let line = text[start..].lines().next().unwrap_or_default();
        // In the catalogue of an engine a quote ends it.
        let line = line.split(['\'', '"']).next().unwrap_or_default().trim_end();
        let range = start..start + line.len();
        match read(&line[MARK.len()..]) {
            Ok((stamp, format, digest)) => Ok(Some(Found { stamp, range, format, digest })),
            Err(reason) => Err(Unreadable { range, reason }),
        }
    }
}

/// Puts the digest of a text into its stamps.
pub fn sealed(text: &str) -> String {
    let seal = seal(text);
    let lines = text.split_inclusive('\n').map(|line| match stamped(line) {
        Some(end) => format!("{}{seal}{}", &line[..end], after_digest(&line[end..])),
        None => line.to_owned(),
    });
    lines.collect()
}

/// Returns the digest of a text, whatever digest its stamps carry and however its lines end.
pub fn seal(text: &str) -> String {
    let lines = text.lines().map(|line| match stamped(line) {
        Some(end) => format!("{}{}\n", &line[..end], after_digest(&line[end..])),
        None => format!("{line}\n"),
    });
    digest(lines.collect::<String>().as_bytes())
}

/// Returns where the digest of the stamp in a line begins, if there is one.
fn stamped(line: &str) -> Option<usize> {
    let start = line.find(MARK)?;
    line[start..].find(" digest=").map(|place| start + place + " digest=".len())
}

fn after_digest(rest: &str) -> &str {
    rest.trim_start_matches(|c: char| c.is_ascii_hexdigit())
}

fn read(line: &str) -> Result<(Stamp, String, String), String> {
    let pairs: Vec<(&str, &str)> = line.split_ascii_whitespace().filter_map(|word| word.split_once('=')).collect();
    let words: BTreeMap<&str, String> = pairs.into_iter().map(|(key, value)| (key, unescaped(value))).collect();
    let word = |key: &str| words.get(key).cloned().ok_or_else(|| format!("it does not say `{key}`"));
    let wrong = |key: &str| {
        format!("`{key}` says `{}`, which is nothing it can say", words.get(key).map_or("", String::as_str))
    };
    let optional = |key: &str| Ok::<_, String>(Some(word(key)?).filter(|value| value != NOTHING));
    let instant = |key: &str| Instant::parse(&word(key)?).ok_or_else(|| wrong(key));
    let settings = Settings {
        form: Form::parse(&word("form")?).ok_or_else(|| wrong("form"))?,
        kept: optional("kept")?.map(|kept| Kept::parse(&kept).ok_or_else(|| wrong("kept"))).transpose()?,
        dialect: Dialect::find(&word("dialect")?).ok_or_else(|| wrong("dialect"))?,
        grain: word("grain")?.parse().map_err(|()| wrong("grain"))?,
        by: optional("by")?.map(|by| by.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        from: optional("from")?.map(|from| Instant::parse(&from).ok_or_else(|| wrong("from"))).transpose()?,
        since: instant("since")?,
        until: instant("until")?,
        as_of: Moment::parse(&word("as_of")?).ok_or_else(|| wrong("as_of"))?,
        settles: optional("settles")?.map(|length| length.parse().map_err(|_| wrong("settles"))).transpose()?,
        schema: optional("schema")?,
    };
    let fingerprints = Fingerprints { data: word("data")?, reading: word("reading")?, parents: word("parents")? };
    let (metric, version, plan) = (word("metric")?, word("version")?, word("plan")?);
    let (part, object) = (word("part")?, word("object")?);
    Ok((Stamp { metric, version, fingerprints, plan, part, object, settings }, word("format")?, word("digest")?))
}

/// Writes a value as one word that no quote ends: what is no plain character becomes its code.
fn escaped(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-:,+@/".contains(c);
    let mut text = String::new();
    for c in value.chars() {
        if is_plain(c) {
            text.push(c);
        } else {
            text.push_str(&format!("%{:x};", u32::from(c)));
        }
    }
    text
}

fn unescaped(word: &str) -> String {
    let mut parts = word.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.split_once(';');
        let found = code.and_then(|(code, rest)| Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, rest)));
        match found {
            Some((c, rest)) => {
                text.push(c);
                text.push_str(rest);
            }
            None => text.push_str(part),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::SQLITE;
    use crate::value::Grain;

    fn stamp() -> Stamp {
        let digits = |digit: &str| digit.repeat(16);
        Stamp {
            metric: "fcr.human".to_owned(),
            version: "1.2.0".to_owned(),
            fingerprints: Fingerprints { data: digits("a"), reading: digits("b"), parents: digits("c") },
            plan: digits("d"),
            part: "sql".to_owned(),
            object: "Mart s.fcr'day".to_owned(),
            settings: Settings {
                form: Form::View,
                kept: None,
                dialect: SQLITE,
                grain: Grain::Day,
                by: vec!["channel".to_owned(), "team".to_owned()],
                from: None,
                since: super::super::settings::since(),
                until: super::super::settings::until(),
                as_of: Moment::Data,
                settles: "3d".parse().ok(),
                schema: None,
            },
        }
    }

    #[test]
    fn a_stamp_reads_back_as_it_was_written_also_between_quotes() {
        for text in [format!("-- {}\nselect 1\n", stamp().write()), format!("comment is '{}';", stamp().write())] {
            let found = Stamp::find(&text).expect("readable").expect("there");
            assert_eq!((found.stamp, found.digest.as_str()), (stamp(), ""));
        }
        assert_eq!(Stamp::find("select 1"), Ok(None));
    }

    #[test]
    fn the_digest_is_of_everything_but_itself() {
        let text = sealed(&format!("-- head\n-- {}\nselect 1\n", stamp().write()));
        let found = Stamp::find(&text).expect("readable").expect("there");
        assert_eq!(found.digest, seal(&text));
        assert_eq!(sealed(&text), text);
        assert_eq!(seal(&text.replace('\n', "\r\n")), found.digest);
        for (old, new) in [("select 1", "select 2"), ("head", "heads"), ("grain=day", "grain=week")] {
            assert_ne!(seal(&text.replace(old, new)), found.digest, "{new}");
        }
    }

    #[test]
    fn a_stamp_that_lacks_a_word_or_says_nonsense_is_told() {
        let text = stamp().write();
        let unreadable = Stamp::find(&text.replace("grain=day", "grain=fortnight")).expect_err("nonsense");
        assert!(unreadable.reason.contains("fortnight"), "{}", unreadable.reason);
        let unreadable = Stamp::find(&text.replace(" plan=", " plans=")).expect_err("a word less");
        assert!(unreadable.reason.contains("`plan`"), "{}", unreadable.reason);
    }
}
