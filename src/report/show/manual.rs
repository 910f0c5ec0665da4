//! The page of an operations manual: what a metric means, in sentences, with every number that moves it.

use super::{facts, flow, formula, purposes, readings, sentence};
use crate::catalog::Catalog;
use crate::definition::{Goal, Metric, Reading, StandardKind};
use crate::plan::{Awaits, Body, Mature, MaturityPolicy, Plan};
use crate::report::neutral;
use crate::report::unit::in_unit;
use crate::report::words::{listed, wrapped};
use crate::text::Texts;
use crate::value::Duration;
use crate::yaml::Node;

/// Width to which prose is wrapped.
const WIDTH: usize = 96;
/// Width of the column of keywords.
const INDENT: usize = 14;

/// Writes the manual page of a metric or variant.
pub fn manual(catalog: &Catalog, (metric, reading, plan): (&Metric, &Reading, &Plan), texts: &Texts) -> String {
    let status = metric.status.name();
    let mut page = Page { text: format!("{}\n{} {} ({status})\n\n", reading.title, plan.metric, metric.version) };
    page.text.push_str(&wrapped("", &reading.statement, 0, WIDTH));
    page.gap();
    page.entry("purpose", &metric.purpose);
    for (keyword, prose) in purposes::lines(&metric.purposes) {
        page.entry(keyword, &prose);
    }
    page.entry("this reading", reading.because.as_deref().unwrap_or_default());
    page.gap();
    counting(&mut page, catalog, reading, plan);
    page.gap();
    showing(&mut page, reading, plan);
    page.gap();
    steering(&mut page, catalog, metric, reading);
    page.gap();
    for assumption in &metric.assumptions {
        page.entry("assumes", assumption);
    }
    page.entry("notes", reading.notes.as_deref().unwrap_or_default());
    page.gap();
    governance(&mut page, metric, plan, texts.get(metric.id.span.text).name.as_str());
    readings(&mut page, catalog, metric, (reading, plan));
    neutral::lines(&page.text)
}

fn counting(page: &mut Page, catalog: &Catalog, reading: &Reading, plan: &Plan) {
    let node = &reading.node;
    page.entry("formula", &formula::formula(plan));
    page.entry("because", &because(node));
    let Body::Measured(pipeline) = &plan.body else { return };
    page.entry("population", &formula::population(pipeline));
    for item in node.get("exclusions").map_or(&[][..], Node::items) {
        page.entry("left out", &exclusion(item, catalog));
    }
    for fact in &pipeline.facts {
        page.entry("fact", &facts::fact(fact));
    }
    resolution(page, catalog, node);
    treatment(page, catalog, node);
    for mature in &pipeline.mature {
        page.entry("maturity", &maturity(mature));
    }
    if pipeline.mature.is_empty() && node.get("maturity").is_some() {
        page.entry("maturity", "ignored: a row counts at once, as if its window were closed");
    }
    for entry in node.get("missing").map_or(&[][..], Node::entries) {
        page.entry("missing", &format!("{}: {}", sentence::name(&entry.key.value), missing(&entry.value)));
    }
}

fn missing(policy: &Node) -> &'static str {
    match policy.as_text() {
        Some("drop") => "the row is left out, and counted as missing",
        Some("as_failure") => "the row counts as a failure",
        Some("bounds") => "the row is left out, and the worst and best case stand beside the value",
        _ => "is a group of its own",
    }
}

/// Returns why a measure is made the way it is, where the definition says so.
fn because(node: &Node) -> String {
    let Some([entry]) = node.get("measure").map(Node::entries) else { return String::new() };
    entry.value.get("because").map(flow).unwrap_or_default()
}

fn maturity(mature: &Mature) -> String {
    let after = match &mature.awaits {
        Awaits::Closed { closes } => {
            let anchor = closes.columns().first().copied().unwrap_or_default();
            let after = closes.shifted_from(anchor).filter(|after| *after != Duration::ZERO);
            match after {
                Some(after) => format!("{after} have passed since its {}", sentence::name(anchor)),
                None => format!("{} has passed", sentence::value(closes)),
            }
        }
        Awaits::Covered { since, .. } => format!("its look-back lies after {since}, from when on all is known"),
        Awaits::Settled { open } => format!("it is no longer so that {}", sentence::condition(open)),
    };
    match mature.policy {
        MaturityPolicy::Wait => format!("a row counts once {after}; until then it is left out as not yet closed"),
        MaturityPolicy::Provisional => format!("a row counts at once, and its result stays provisional until {after}"),
    }
}

fn exclusion(item: &Node, catalog: &Catalog) -> String {
    let text = |key: &str| item.get(key).map(flow).unwrap_or_default();
    let used = item.get("use").and_then(Node::as_text).and_then(|name| catalog.registry.find_standard(name));
    match used.map(|standard| (standard, &standard.kind)) {
        Some((standard, StandardKind::Exclusion { when, reason, approved_by, expires })) => format!(
            "{} (standard {}): {}. {} Approved by {approved_by} until {expires}.",
            standard.name.value,
            standard.version,
            flow(when),
            reason.trim_end()
        ),
        _ => format!(
            "{}: {}. {} Approved by {} until {}.",
            text("id"),
            text("where"),
            text("reason"),
            text("approved_by"),
            text("expires")
        ),
    }
}

fn resolution(page: &mut Page, catalog: &Catalog, node: &Node) {
    let Some(resolution) = node.get("resolution") else { return };
    let standard = resolution.get("use").and_then(Node::as_text).and_then(|name| catalog.registry.find_standard(name));
    let rule = match standard.map(|standard| (standard, &standard.kind)) {
        Some((standard, StandardKind::Resolution { when })) => {
            format!("when {} (standard {} {})", flow(when), standard.name.value, standard.version)
        }
        _ => format!("when {}", resolution.get("resolved_when").map(flow).unwrap_or_default()),
    };
    page.entry("resolved", &rule);
}

fn treatment(page: &mut Page, catalog: &Catalog, node: &Node) {
    let Some(treatment) = node.get("treatment") else { return };
    let text = |key: &str| treatment.get(key).and_then(Node::as_text).unwrap_or_default();
    let Some(standard) = catalog.registry.find_standard(text("use")) else { return };
    let StandardKind::Treatment { variants, .. } = &standard.kind else { return };
    let Some(chosen) = variants.iter().find(|variant| variant.name == text("variant")) else { return };
    let name = format!("{} of {} {}", chosen.name, standard.name.value, standard.version);
    page.entry("treatment", &format!("{name}: {}", chosen.statement));
    page.entry("counts", &format!("when {}", flow(&chosen.counts_when)));
    page.entry("succeeds", &format!("when {}", flow(&chosen.succeeds_when)));
    let with = treatment.get("with").map_or(&[][..], Node::entries);
    let values: Vec<String> =
        with.iter().map(|entry| format!(":{} is {}", entry.key.value, flow(&entry.value))).collect();
    page.entry("with", &listed(&values, "and"));
}

fn showing(page: &mut Page, reading: &Reading, plan: &Plan) {
    page.entry("unit", &format!("{}, {}", reading.unit, reading.direction.name().replace('_', " ")));
    let grains: Vec<&str> = plan.grains.iter().map(|grain| grain.name()).collect();
    let week = capital(plan.calendar.week_starts.name());
    page.entry("periods", &format!("{}, cut in {}; weeks start on {week}", listed(&grains, "or"), plan.calendar.zone));
    let dimensions: Vec<&str> = plan.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    page.entry("split by", &listed(&dimensions, "or"));
    page.entry("adding up", purposes::adding_up(plan));
    if let Some(wilson) = &plan.publish.interval {
        page.entry("interval", &format!("Wilson, {}", in_unit("share", wilson.level.to_f64())));
    }
    let fewer =
        |minimum: Option<u64>, what: &str| minimum.map(|n| format!("below {n} rows {what}")).unwrap_or_default();
    page.entry("withheld", &fewer(plan.publish.min_n, "the value"));
    page.entry("withheld", &fewer(plan.publish.min_cell, "every number"));
}

/// Writes a day's name as sentences do.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

fn steering(page: &mut Page, catalog: &Catalog, metric: &Metric, reading: &Reading) {
    for target in &metric.targets {
        let in_unit = |number: crate::value::Number| in_unit(&reading.unit, number.to_f64());
        let goal = match &target.goal {
            Goal::AtLeast(bound) => format!("at least {}", in_unit(*bound)),
            Goal::AtMost(bound) => format!("at most {}", in_unit(*bound)),
        };
        let baseline = target.baseline.map(|baseline| format!(" (before: {})", in_unit(baseline))).unwrap_or_default();
        page.entry("target", &format!("{goal} from {}{baseline}", target.from));
    }
    for guardrail in &metric.guardrails {
        let unit = catalog.reading(&guardrail.metric.value).map_or("", |(_, reading)| reading.unit.as_str());
        let bound = in_unit(unit, guardrail.require.bound.to_f64());
        let symbol = guardrail.require.comparison.symbol();
        page.entry(
            "guardrail",
            &format!("{} {symbol} {bound}. {}", guardrail.metric.value, guardrail.because.trim_end()),
        );
    }
}

fn governance(page: &mut Page, metric: &Metric, plan: &Plan, file: &str) {
    let role = metric.role.replace('_', " ");
    page.entry("owner", &format!("{}; role: {role}; to be reviewed by {}", metric.owner, metric.review_by));
    let until = metric.effective_to.map(|to| format!(" until {to}")).unwrap_or_default();
    page.entry("in force", &format!("from {}{until}", metric.effective_from));
    page.entry("fingerprint", &plan.fingerprint());
    page.entry("file", file);
}

fn readings(page: &mut Page, catalog: &Catalog, metric: &Metric, shown: (&Reading, &Plan)) {
    for other in readings::others(catalog, metric, shown) {
        page.gap();
        page.entry("reading", &format!("{}: {}", other.name, other.statement));
        page.entry("  differs", &other.differences.join("; "));
        page.entry("  formula", &other.formula);
    }
    while page.text.ends_with("\n\n") {
        page.text.pop();
    }
}

/// A page under construction.
struct Page {
    text: String,
}

impl Page {
    /// Adds a keyword with wrapped prose beside it; nothing where there is no prose.
    fn entry(&mut self, keyword: &str, prose: &str) {
        if !prose.is_empty() {
            self.text.push_str(&wrapped(keyword, prose, INDENT, WIDTH));
        }
    }

    /// Adds an empty line, unless there is one.
    fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}
