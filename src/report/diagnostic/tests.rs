use super::*;
use crate::diagnostic::codes;

/// Returns the span of `needle` in a text.
fn span(texts: &Texts, id: TextId, needle: &str) -> Span {
    let start = texts.get(id).content.find(needle).expect("the text holds it");
    Span::new(id, start, start + needle.len())
}

fn plain(texts: &Texts, diagnostic: Diagnostic) -> String {
    render(&[diagnostic], texts, Style::Plain)
}

#[test]
fn a_diagnostic_shows_its_place_the_other_file_and_the_remedy() {
    let mut texts = Texts::new();
    let metric = texts.add("definitions/metrics/csat/v1.yaml", "metric: csat\n  where: channel in ('emial', 'chat')\n");
    let source =
        texts.add("definitions/sources/contacts.yaml", "source: contacts\n  channel: {values: [email, chat]}\n");
    let wrong = span(&texts, metric, "'emial'");
    let diagnostic = Diagnostic::error(codes::UNKNOWN_VALUE, wrong, "`channel` has no value `emial`")
        .label(wrong, "the source lists: email, chat")
        .also(span(&texts, source, "channel: {values: [email, chat]}"), "listed here")
        .help("did you mean `email`?");
    let expected = "\
error[unknown-value]: `channel` has no value `emial`
 --> definitions/metrics/csat/v1.yaml:2:22
  |
2 |   where: channel in ('emial', 'chat')
  |                      ^^^^^^^ the source lists: email, chat
  |
 ::: definitions/sources/contacts.yaml:2:3
  |
2 |   channel: {values: [email, chat]}
  |   -------------------------------- listed here
  |
  = help: did you mean `email`?

";
    assert_eq!(plain(&texts, diagnostic), expected);
}

#[test]
fn marks_stand_below_wide_characters_and_lines_are_numbered_in_the_file() {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", "x: 1\n\ngröße: 1\ny: 2\ngröße: 2\r\nz: 3\n");
    let second = Span::new(id, 22, 29);
    assert_eq!(texts.slice(second), "größe");
    let diagnostic =
        Diagnostic::warning(codes::DUPLICATE_KEY, second, "twice").also(span(&texts, id, "größe"), "first");
    let expected = "\
warning[duplicate-key]: twice
 --> a.yaml:5:1
  |
3 | größe: 1
  | ----- first
4 | y: 2
5 | größe: 2
  | ^^^^^

";
    assert_eq!(plain(&texts, diagnostic), expected);
}

#[test]
fn distant_marks_of_one_file_are_shown_apart() {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", format!("{}b: 2\n", "a: 1\n".repeat(150)));
    let diagnostic =
        Diagnostic::error(codes::DUPLICATE_KEY, Span::new(id, 750, 751), "far").also(Span::new(id, 0, 1), "first");
    let expected = "\
error[duplicate-key]: far
   --> a.yaml:151:1
    |
151 | b: 2
    | ^
    |
   ::: a.yaml:1:1
    |
  1 | a: 1
    | - first

";
    assert_eq!(plain(&texts, diagnostic), expected);
}

#[test]
fn a_text_without_content_is_shown_by_its_name() {
    let mut texts = Texts::new();
    let id = texts.add("absent.yaml", "");
    let diagnostic = Diagnostic::error(codes::UNREADABLE_FILE, Span::new(id, 0, 0), "it does not exist").help("add it");
    let shown = plain(&texts, diagnostic);
    assert!(shown.starts_with("error[unreadable-file]: it does not exist\n"), "{shown}");
    assert!(shown.contains("--> absent.yaml:1:1\n") && shown.contains("= help: add it\n"), "{shown}");
}

#[test]
fn an_empty_place_and_one_beyond_the_text_have_a_mark() {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", "é: 1\nb: 2");
    for (start, end, place) in
        [(0, 0, "a.yaml:1:1"), (1, 1, "a.yaml:1:1"), (10, 10, "a.yaml:2:5"), (90, 99, "a.yaml:2:5")]
    {
        let shown = plain(&texts, Diagnostic::error(codes::YAML_SYNTAX, Span::new(id, start, end), "m"));
        assert!(shown.contains(place) && shown.contains('^'), "{start}: {shown}");
    }
}

#[test]
fn terminal_escapes_of_files_and_messages_are_neutralised_everywhere() {
    let hostile = "a\u{1b}[31m\u{9b}2J\u{202e}\u{7}";
    let mut texts = Texts::new();
    let id = texts.add(hostile, format!("k: {hostile}\n"));
    let span = Span::new(id, 3, 3 + hostile.len());
    let diagnostic = Diagnostic::error(codes::WRONG_TYPE, span, hostile).label(span, hostile).help(hostile);
    let shown = plain(&texts, diagnostic.clone());
    assert_eq!(shown.matches("a␛[31m�2J�␇").count(), 5, "{shown}");
    assert!(shown.chars().all(|character| character == '\n' || !character.is_control()), "{shown:?}");
    let coloured = render(&[diagnostic], &texts, Style::Coloured);
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    assert!(
        !coloured.contains("\u{1b}[31m\u{9b}") && !coloured.contains(['\u{9b}', '\u{202e}', '\u{7}']),
        "{coloured:?}"
    );
}

#[test]
fn a_line_of_great_length_is_cut_around_its_mark() {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", format!("{}emial{}", "x ".repeat(50_000), " y".repeat(50_000)));
    let shown = plain(&texts, Diagnostic::error(codes::UNKNOWN_VALUE, Span::new(id, 100_000, 100_005), "m"));
    assert!(shown.contains("emial") && shown.contains("^^^^^"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 160), "{shown}");
}

#[test]
fn diagnostics_keep_their_order_and_are_set_apart_by_an_empty_line() {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", "a: 1\n");
    let one = |message: &str| Diagnostic::error(codes::WRONG_TYPE, Span::new(id, 0, 1), message);
    let shown = render(&[one("second"), one("first")], &texts, Style::Plain);
    let facts: Vec<&str> = shown.lines().filter(|line| line.starts_with("error")).collect();
    assert_eq!(facts, ["error[wrong-type]: second", "error[wrong-type]: first"]);
    assert!(shown.contains("^\n\nerror"), "{shown}");
}

#[test]
fn the_summary_counts_and_inflects() {
    let mut texts = Texts::new();
    let span = Span::new(texts.add("a.yaml", "a"), 0, 1);
    let error = Diagnostic::error(codes::WRONG_TYPE, span, "m");
    let warning = Diagnostic::warning(codes::UNUSED_POLICY, span, "m");
    assert_eq!(summary(&[error.clone(), error, warning.clone()], 14), "2 errors, 1 warning in 14 files");
    assert_eq!(summary(&[warning], 1), "1 warning in 1 file");
    assert_eq!(summary(&[], 0), "no errors in 0 files");
}
