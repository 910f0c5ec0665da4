//! Diagnostics as people read them: the fact, the lines with marks below, the remedy.
//!
//! Knows layout only; what is reported, and in which order, is given.

use crate::cores;
use crate::diagnostic::{Diagnostic, Label, Severity, masked};
use crate::report::lines::Lines;
use crate::report::neutral::{self, Neutral};
use crate::report::words::{self, counted};
use crate::text::{Span, TextId, Texts};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// Whether the output carries colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Text only.
    #[default]
    Plain,
    /// With the escape sequences of a terminal.
    Coloured,
}

/// Most unmarked lines between two marks of one excerpt; beyond it a second excerpt begins.
const MAX_GAP: usize = 100;

/// Most findings of one file that are shown; nobody reads on.
const MAX_SHOWN: usize = 100;

/// Most bytes of lines that are shown of one file: a mark takes time in proportion to its line, which may be the file.
const MAX_BYTES: usize = 1 << 20;

/// Findings that one core writes at a time.
const SHEAF: usize = 64;

/// Returns the diagnostics in the given order, each followed by an empty line; of one file the first hundred.
///
/// Characters of files and messages that would control a terminal are replaced by visible ones.
pub fn render(diagnostics: &[Diagnostic], texts: &Texts, style: Style) -> String {
    let mut lines = Lines::of(texts);
    let mut efforts: BTreeMap<TextId, Effort> = BTreeMap::new();
    let mut has_room = |diagnostic: &&Diagnostic| {
        efforts.entry(diagnostic.span().text).or_default().has_room_for(diagnostic.span(), &mut lines)
    };
    let shown: Vec<&Diagnostic> = diagnostics.iter().filter(&mut has_room).collect();
    let sheaves: Vec<&[&Diagnostic]> = shown.chunks(SHEAF).collect();
    let mut output = cores::map_each(&sheaves, |sheaf| written(sheaf, texts, style)).concat();
    for (text, effort) in efforts.into_iter().filter(|(_, effort)| effort.hidden > 0) {
        let name = neutral::line(&texts.get(text).name);
        output.push_str(&format!("{} in {name} not shown\n\n", counted(effort.hidden, "more finding")));
    }
    output
}

/// Writes diagnostics, each followed by an empty line.
fn written(diagnostics: &[&Diagnostic], texts: &Texts, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut lines = Lines::of(texts);
    let one = |diagnostic: &&Diagnostic| renderer.render(&[group(diagnostic, &mut lines)]) + "\n\n";
    diagnostics.iter().map(one).collect()
}

/// What has been shown of one file, and what has not.
#[derive(Default)]
struct Effort {
    shown: usize,
    bytes: usize,
    hidden: usize,
}

impl Effort {
    /// Takes note of one more finding; returns whether it is shown, as the first always is.
    fn has_room_for(&mut self, span: Span, lines: &mut Lines<'_>) -> bool {
        let touched = lines.touched(span);
        self.bytes += lines.bytes(span.text, &touched).len();
        let fits = self.shown == 0 || (self.shown < MAX_SHOWN && self.bytes <= MAX_BYTES);
        if fits {
            self.shown += 1
        } else {
            self.hidden += 1
        }
        fits
    }
}

/// Returns the closing line: `2 errors, 1 warning in 14 files`.
pub fn summary(diagnostics: &[Diagnostic], files: usize) -> String {
    let severities = diagnostics.iter().map(|diagnostic| diagnostic.severity);
    let findings = words::severities(severities).unwrap_or_else(|| "no errors".to_owned());
    format!("{findings} in {}", counted(files, "file"))
}

fn group<'a>(diagnostic: &Diagnostic, lines: &mut Lines<'_>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(neutral::line(&diagnostic.message)).id(diagnostic.code.id);
    let excerpts = excerpts(&diagnostic.labels, lines);
    let group = Group::with_title(title).elements(excerpts.into_iter().map(|excerpt| excerpt.element(lines)));
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(neutral::lines(help))),
        None => group,
    }
}

/// The marks that are shown together: of one text, and near each other.
struct Excerpt<'d> {
    text: TextId,
    lines: Range<usize>,
    labels: Vec<&'d Label>,
    /// Whether the first label of the diagnostic is among them.
    leads: bool,
}

/// Groups the labels; the excerpt of the first label comes first, the others follow in order of their places.
fn excerpts<'d>(labels: &'d [Label], lines: &mut Lines<'_>) -> Vec<Excerpt<'d>> {
    let mut alone: Vec<Excerpt<'_>> = labels
        .iter()
        .enumerate()
        .map(|(index, label)| {
            let lines = lines.touched(label.span);
            Excerpt { text: label.span.text, lines, labels: vec![label], leads: index == 0 }
        })
        .collect();
    alone.sort_by_key(|excerpt| (excerpt.text, excerpt.lines.start));
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    for next in alone {
        match excerpts.last_mut() {
            Some(last) if last.text == next.text && next.lines.start <= last.lines.end + MAX_GAP => {
                last.lines.end = last.lines.end.max(next.lines.end);
                last.labels.extend(next.labels);
                last.leads |= next.leads;
            }
            _ => excerpts.push(next),
        }
    }
    excerpts.sort_by_key(|excerpt| !excerpt.leads);
    excerpts
}

impl Excerpt<'_> {
    fn element<'a>(&self, lines: &mut Lines<'_>) -> Element<'a> {
        let text = lines.texts.get(self.text);
        let name = neutral::line(&text.name);
        if text.content.is_empty() {
            return Origin::path(name).line(1).char_column(1).into();
        }
        let range = lines.bytes(self.text, &self.lines);
        let source = Neutral::source(&masked(text.content.get(range.clone()).unwrap_or("")));
        let annotations: Vec<Annotation<'a>> =
            self.labels.iter().map(|label| annotation(label, &range, &source)).collect();
        Snippet::source(source.text).path(name).line_start(self.lines.start + 1).annotations(annotations).into()
    }
}

fn annotation<'a>(label: &Label, window: &Range<usize>, source: &Neutral) -> Annotation<'a> {
    let offset = |byte: usize| source.offset(byte.clamp(window.start, window.end) - window.start);
    let span = label.span.range();
    let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(offset(span.start)..offset(span.end));
    let text = (!label.text.is_empty()).then(|| neutral::line(&label.text));
    annotation.label(text)
}

#[cfg(test)]
mod tests;
