//! What commands write about a project, and what of it would be more than text to whoever reads it.
//!
//! Knows terminals, markup and the commands that build servers take from the output.

use std::process::Command;

use serde_json::Value as Json;

use super::site::Site;

/// One command: its arguments (`OTHER` for the plain project) and who reads its output.
pub(super) const COMMANDS: &[(&str, Reader)] = &[
    ("check --profile strict", Reader::Person),
    ("check --profile strict --format json", Reader::Json),
    ("check --profile strict --format sarif", Reader::Json),
    ("check --profile strict --format gitlab", Reader::Json),
    ("check --profile strict --format github", Reader::Github),
    ("check --profile strict --format junit", Reader::Markup),
    ("check --profile strict --format markdown", Reader::Markdown),
    ("show first_contact_resolution", Reader::Person),
    ("diff OTHER definitions", Reader::Person),
    ("diff OTHER definitions --format markdown", Reader::Markdown),
    ("diff OTHER definitions --format github", Reader::Github),
    ("compile first_contact_resolution --as dbt-model --dialect duckdb", Reader::Jinja),
];

/// How many of the commands, from the first, make sense on a project with errors.
pub(super) const CHECKS: usize = 7;

/// Tags that reports write, whether or not there is occasion for each on the plain project.
const SAFE: [&str; 16] = [
    "!--",
    "br",
    "details",
    "/details",
    "summary",
    "/summary",
    "sub",
    "/sub",
    "testsuites",
    "/testsuites",
    "testsuite",
    "/testsuite",
    "testcase",
    "/testcase",
    "failure",
    "/failure",
];

/// Who reads an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Person,
    Json,
    Github,
    Markup,
    Markdown,
    Jinja,
}

/// What a command wrote.
pub(super) struct Told {
    code: Option<i32>,
    text: String,
    remarks: String,
}

/// Runs a command on the project.
pub(super) fn told(site: &Site, plain: &Site, (arguments, _): &(&str, Reader)) -> Told {
    let other = plain.definitions();
    let arguments =
        arguments.split(' ').map(|argument| if argument == "OTHER" { other.as_os_str() } else { argument.as_ref() });
    let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
        .args(arguments)
        .current_dir(site.folder())
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the command runs");
    let text = String::from_utf8(output.stdout).expect("text");
    Told { code: output.status.code(), text, remarks: String::from_utf8(output.stderr).expect("text") }
}

/// Returns what is more than text.
pub(super) fn flaws((arguments, reader): &(&str, Reader), expected: &Told, found: &Told) -> Vec<String> {
    let mut flaws = Vec::new();
    // What has errors cannot be compared: 3.
    if !matches!(found.code, Some(0 | 1 | 3)) {
        flaws.push(format!("ended with {:?}: {}", found.code, found.remarks));
    }
    // The text itself is data of a model, and stays.
    let is_data = *reader == Reader::Jinja;
    for text in [&found.text, &found.remarks] {
        let hidden: Vec<char> = text.chars().filter(|it| moves_or_hides(*it)).filter(|_| !is_data).collect();
        if !hidden.is_empty() {
            flaws.push(format!("raw {hidden:?}"));
        }
        let commands = text.lines().filter(|_| !is_data).filter(|line| is_command(line, *reader));
        flaws.extend(commands.map(|line| format!("a command: {line}")));
    }
    let same = |of: fn(&str) -> Vec<String>| of(&expected.text) == of(&found.text);
    let (is_sound, what) = match reader {
        Reader::Person => (true, ""),
        Reader::Json => (serde_json::from_str::<Json>(&found.text).is_ok(), "no JSON"),
        Reader::Github => (found.text.lines().all(is_annotation), "a line that is no annotation"),
        Reader::Markup | Reader::Markdown => {
            let known = tags(&expected.text);
            let found = if *reader == Reader::Markdown { without_code(&found.text) } else { found.text.clone() };
            let foreign = |tag: &String| !known.contains(tag) && !SAFE.contains(&tag.as_str());
            (!tags(&found).iter().any(foreign), "other tags")
        }
        Reader::Jinja => (found.code != Some(0) || same(jinja), "other expressions"),
    };
    if !is_sound {
        flaws.push(what.to_owned());
    }
    flaws.into_iter().map(|flaw| format!("{arguments}: {flaw}")).collect()
}

/// Tells whether a terminal would do more than show the character, or show nothing.
fn moves_or_hides(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Tells whether a build server would obey the line.
fn is_command(line: &str, reader: Reader) -> bool {
    let is_ours = reader == Reader::Github && is_annotation(line);
    // JSON is read from a file; its first character is a brace.
    let obeyed = ["##[", "##vso[", "##teamcity[", "[[ATTACHMENT|"];
    // `:::` leads to a second file under a source line, and is no command.
    let begin = line.trim_start();
    (begin.starts_with("::") && !begin.starts_with(":::") && !is_ours)
        || (reader != Reader::Json && obeyed.iter().any(|it| line.contains(it)))
}

fn is_annotation(line: &str) -> bool {
    ["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command))
}

/// Returns Markdown without its blocks and spans of code, in which no sign means anything.
fn without_code(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(place) = rest.find('`') {
        let (before, from) = rest.split_at(place);
        let fence = &from[..from.len() - from.trim_start_matches('`').len()];
        text.push_str(before);
        // A backslash takes its meaning away.
        let opens = !before.ends_with('\\');
        let inside = &from[fence.len()..];
        let end = inside
            .match_indices(fence)
            .find(|(end, _)| !inside[..*end].ends_with('`') && !inside[end + fence.len()..].starts_with('`'));
        rest = match end.filter(|_| opens) {
            Some((end, _)) => &inside[end + fence.len()..],
            None => inside,
        };
    }
    text + rest
}

/// Returns the names of the tags, in order.
fn tags(text: &str) -> Vec<String> {
    let after = |(place, _): (usize, &str)| &text[place + 1..];
    let name = |rest: &str| {
        rest.chars().take_while(|it| it.is_alphanumeric() || matches!(it, '/' | '!' | '-' | '[')).collect()
    };
    text.match_indices('<').map(after).map(name).filter(|name: &String| !name.is_empty()).collect()
}

/// Returns what opens expressions, in order, but those that only write a brace.
fn jinja(text: &str) -> Vec<String> {
    // In quotes of YAML a quote is doubled.
    let text = text.replace("{{ '{' }}", "").replace("{{ ''{'' }}", "");
    let mut found: Vec<(usize, &str)> = ["{{", "{%", "{#"].iter().flat_map(|mark| text.match_indices(mark)).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, mark)| mark.to_owned()).collect()
}
