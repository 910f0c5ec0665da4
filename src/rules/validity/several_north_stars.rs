//! More than one north star in force.

use crate::definition::Status;
use crate::rules::{About, Everyone, Findings, Outline, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let is_star = |status| matches!(status, Status::Released | Status::Candidate);
    let stars = everyone.live().filter(|outline| outline.role == "north_star" && is_star(outline.status));
    let mut stars: Vec<&Outline> = stars.collect();
    stars.dedup_by(|a, b| a.id == b.id);
    let Some((first, others)) = stars.split_first() else { return };
    for outline in others {
        let message = format!("`{}` is a north star beside `{}`", outline.id, first.id);
        let about = About::version(&outline.id, outline.status);
        findings.add(rule, about, outline.role_at, ("", message)).also(first.role_at, "the other");
    }
}
