//! A number that counts rows whose window is open as if it had closed.

use crate::definition::Reading;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Duration;
use crate::yaml::Node;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        // Beside a metric that waits, a variant that does not shows what the waiting makes of the number.
        let waits = meant.metric.readings.first().is_some_and(|base| !ignores(base));
        if !ignores(meant.reading) || !meant.is_base() && waits {
            continue;
        }
        let Some(maturity) = meant.reading.node.get("maturity") else { continue };
        let policy = maturity.get("policy").unwrap_or(maturity);
        let Some(fact) = looks_ahead(&meant) else { continue };
        let message = format!("`{}` counts rows before the window of `{fact}` has closed", meant.name());
        let span = meant.place(&["facts", &fact, "window"]);
        findings
            .add(rule, About::metric(meant.metric), policy.span, (&meant.name(), message))
            .also(span, "looks ahead");
    }
}

fn ignores(reading: &Reading) -> bool {
    let maturity = reading.node.get("maturity");
    maturity.is_some_and(|maturity| maturity.get("policy").unwrap_or(maturity).as_text() == Some("ignore"))
}

/// Returns a fact whose window ends after its row.
fn looks_ahead(meant: &crate::rules::Meant<'_>) -> Option<String> {
    let after = |name: &str| {
        let to = meant.reading.node.get("facts").and_then(|facts| facts.get(name)?.get("window")?.get("to"));
        let written = to.map(Node::scalar_text).unwrap_or_default();
        let length = written.split(' ').next().unwrap_or_default();
        match length.parse::<Duration>() {
            Ok(length) => length > Duration::ZERO,
            Err(_) => written == "unbounded" || length.parse::<i64>().is_ok_and(|days| days >= 0),
        }
    };
    meant.pipeline()?.relates().map(|(name, _)| name).find(|name| after(name)).map(str::to_owned)
}
