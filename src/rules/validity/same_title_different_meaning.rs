//! One title over two numbers.

use super::called::called_alike;
use crate::rules::{Everyone, Findings, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    called_alike((rule, everyone), |read| (read.title, read.title_at), "bears the title of", findings);
}
