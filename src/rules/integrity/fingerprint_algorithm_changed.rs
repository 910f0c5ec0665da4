//! Lines of the lock whose fingerprints were computed another way.

use std::collections::BTreeMap;

use crate::lock::What;
use crate::plan::fingerprint::ALGORITHM;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Version;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut lines: BTreeMap<(String, String), Vec<(&str, Version)>> = BTreeMap::new();
    for deviation in subject.new.deviations {
        if let What::Algorithm(by) = &deviation.what {
            let way = (by.clone(), ALGORITHM.to_owned());
            lines.entry(way).or_default().push((&deviation.id, deviation.version));
        }
    }
    let (old, new) = (subject.old.and_then(|old| old.lock), subject.new.lock);
    for (locked, new) in old.into_iter().flat_map(crate::lock::Lock::entries).zip(std::iter::repeat(new)) {
        let now = new.and_then(|new| new.entry(&locked.id, locked.version));
        if let Some(now) = now.filter(|now| now.algorithm != locked.algorithm) {
            let way = (locked.algorithm.clone(), now.algorithm.clone());
            lines.entry(way).or_default().push((&locked.id, locked.version));
        }
    }
    for ((by, now), versions) in lines {
        let places = versions.iter().filter_map(|(id, version)| subject.new.locked(id, *version, subject.texts));
        // Told once, at the first line, however many there are.
        let Some(first) = places.min() else { continue };
        let count = match versions.len() {
            1 => "1 version is".to_owned(),
            count => format!("{count} versions are"),
        };
        let message = format!("{count} locked by `{by}`, whose fingerprints cannot be compared with those of `{now}`");
        findings.add(rule, About::PROJECT, first, (&format!("{by}|{now}"), message));
    }
}
