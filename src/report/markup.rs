//! Foreign texts inside Markdown, so that they show as they are: no table is broken, nobody is notified, no tag is made.

use super::neutral;

/// Writes prose of messages: what stands between backticks as code, everything else as plain text.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd backtick opens nothing.
    let closed = if parts.len() % 2 == 1 { parts.len() } else { parts.len() - 1 };
    let mut markdown = String::new();
    for (index, part) in parts.iter().enumerate() {
        match index {
            _ if index >= closed => markdown.push_str(&format!("\\`{}", plain(part))),
            _ if index % 2 == 0 => markdown.push_str(&plain(part)),
            _ => markdown.push_str(&code(part)),
        }
    }
    markdown
}

/// Writes a text without any meaning of its signs.
pub(super) fn plain(text: &str) -> String {
    let text = neutral::text(text);
    let mut markdown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => markdown.extend(['\\', character]),
            '<' => markdown.push_str("&lt;"),
            '>' => markdown.push_str("&gt;"),
            '&' => markdown.push_str("&amp;"),
            // The comment keeps the sign from calling a person or linking a thread; inside of a word it does neither.
            '@' | '#' if !is_word(before) && characters.peek().is_some_and(|next| is_word(*next)) => {
                markdown.push(character);
                markdown.push_str("<!-- -->");
            }
            '\r' => {}
            '\n' | '\t' => markdown.push(' '),
            _ => markdown.push(character),
        }
        before = character;
    }
    markdown
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Writes a text as code inside a line.
pub(super) fn code(text: &str) -> String {
    let line: String =
        neutral::text(text).chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    if line.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&line) + 1);
    // One blank on each side is taken off again.
    let blank = if line.starts_with('`') || line.ends_with('`') || line.starts_with(' ') { " " } else { "" };
    format!("{fence}{blank}{line}{blank}{fence}")
}

/// Makes Markdown fit into a cell of a table: even inside code a bar would end the cell.
pub(super) fn cell(markdown: &str) -> String {
    markdown.replace("\\|", "|").replace('|', "\\|").replace('\n', " ")
}

/// Writes lines as a block of code in a language.
pub(super) fn block(language: &str, lines: &str) -> String {
    let lines = neutral::text(lines);
    let fence = "`".repeat((longest_run(&lines) + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", lines.trim_end_matches('\n'))
}

/// Writes Markdown that is shown when the summary is clicked.
pub(super) fn details(summary: &str, inner: &str) -> String {
    format!("<details><summary>{}</summary>\n\n{}\n\n</details>\n", html(summary), inner.trim_end())
}

fn html(text: &str) -> String {
    neutral::text(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_lose_their_meaning() {
        assert_eq!(plain("a|b *c* <img> [d](e) x_y"), "a\\|b \\*c\\* &lt;img&gt; \\[d\\](e) x\\_y");
        assert_eq!(plain("@council and #12, not a @ or #"), "@<!-- -->council and #<!-- -->12, not a @ or #");
        assert_eq!(plain("csat@1.0.0"), "csat@1.0.0");
        assert_eq!(plain("two\nlines"), "two lines");
    }

    #[test]
    fn code_holds_backticks_and_never_ends_early() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(block("diff", "- ```\n"), "````diff\n- ```\n````\n");
    }

    #[test]
    fn backticks_of_messages_are_code_and_an_odd_one_is_a_sign() {
        assert_eq!(prose("`a_b` is <c>"), "`a_b` is &lt;c&gt;");
        assert_eq!(prose("`a` and `b_c"), "`a` and \\`b\\_c");
    }

    #[test]
    fn a_cell_keeps_its_bars() {
        assert_eq!(cell(&code("a|b")), "`a\\|b`");
        assert_eq!(cell(&plain("a|b\\")), "a\\|b\\\\");
    }

    #[test]
    fn a_summary_makes_no_tags() {
        assert_eq!(details("a <b>", "c\n"), "<details><summary>a &lt;b&gt;</summary>\n\nc\n\n</details>\n");
    }
}
