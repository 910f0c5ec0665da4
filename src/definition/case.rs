//! Cases: worked examples with their tables still as written.

use super::Fields;
use crate::text::{Span, Spanned};
use crate::value::{Grain, Instant, Number, Version};
use crate::yaml::Node;

/// A worked example.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name.
    pub name: Spanned<String>,
    /// The claim it proves.
    pub shows: String,
    /// The metric it belongs to.
    pub metric: Spanned<String>,
    /// The version it proves; `None` for the current one.
    pub version: Option<Spanned<Version>>,
    /// The moment of knowledge.
    pub as_of: Instant,
    /// Length of the periods.
    pub grain: Spanned<Grain>,
    /// Dimensions of the result.
    pub by: Vec<Spanned<String>>,
    /// Start of the requested range.
    pub from: Option<Instant>,
    /// End of the requested range.
    pub to: Option<Instant>,
    /// The rows of each source.
    pub given: Vec<(Spanned<String>, Given)>,
    /// How the numbers come about.
    pub worked: String,
    /// The expected table, as written.
    pub expect: Node,
    /// The expected ledger, where the case looks at it.
    pub ledger: Option<LedgerLines>,
}

impl Case {
    /// Returns the full name of a reading that the case proves, with the version where it holds on to one.
    pub fn reading(&self, variant: Option<&str>) -> String {
        let variant = variant.map(|variant| format!(".{variant}")).unwrap_or_default();
        let version = self.version.as_ref().map(|version| format!("@{}", version.value)).unwrap_or_default();
        format!("{}{variant}{version}", self.metric.value)
    }
}

/// The expected ledger of a case.
#[derive(Debug, Clone)]
pub struct LedgerLines {
    /// Where it stands.
    pub span: Span,
    /// Lines with their numbers of rows.
    pub lines: Vec<(Spanned<String>, Number)>,
}

/// The rows of one source.
#[derive(Debug, Clone)]
pub enum Given {
    /// Written in the case.
    Inline(Node),
    /// In a CSV file beside the case.
    Csv(Spanned<String>),
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Case> {
    let name = fields.text("case")?;
    let metric = fields.text("metric")?;
    let version = match fields.text("version") {
        Some(text) => Some(Spanned::new(Version::parse(&text.value)?, text.span)),
        None => None,
    };
    let as_of = fields.instant("as_of")?.value;
    let grain = match fields.text("grain") {
        Some(text) => Spanned::new(text.value.parse().ok()?, text.span),
        None => Spanned::new(Grain::All, name.span),
    };
    let from = fields.instant("from").map(|instant| instant.value);
    let to = fields.instant("to").map(|instant| instant.value);
    let given = fields.node.get("given")?.entries().iter().filter_map(|entry| {
        let given = match entry.value.get("csv") {
            Some(path) => Given::Csv(Spanned::new(path.as_text()?.to_owned(), path.span)),
            None => {
                entry.value.as_text()?;
                Given::Inline(entry.value.clone())
            }
        };
        Some((entry.named(), given))
    });
    let given = given.collect();
    let ledger = ledger(fields);
    Some(Case {
        name,
        shows: fields.words("shows"),
        metric,
        version,
        as_of,
        grain,
        by: fields.texts_of("by"),
        from,
        to,
        given,
        worked: fields.words("worked"),
        expect: fields.node.get("expect").filter(|node| node.as_text().is_some())?.clone(),
        ledger,
    })
}

fn ledger(fields: &mut Fields<'_, '_>) -> Option<LedgerLines> {
    let node = fields.node.get("ledger")?;
    let lines = node
        .entries()
        .iter()
        .filter_map(|entry| Some((entry.named(), fields.number_of(&entry.value)?.value)))
        .collect();
    Some(LedgerLines { span: node.span, lines })
}
