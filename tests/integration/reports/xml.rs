//! The rules of well-formed XML, as far as the reports use it: a head, elements with quoted attributes, text, references.

/// Checks a document.
///
/// # Errors
/// The first rule that is broken, and where.
pub(super) fn check(document: &str) -> Result<(), String> {
    let rest = document.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").ok_or("there is no head")?;
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    let mut rest = rest;
    while !rest.is_empty() {
        let (text, tag) = rest.split_once('<').unwrap_or((rest, ""));
        references(text)?;
        if open.is_empty() && !text.trim().is_empty() {
            return Err(format!("text outside of the root: {text}"));
        }
        if tag.is_empty() {
            break;
        }
        let (tag, after) = tag.split_once('>').ok_or("a tag stays open")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(opened) if opened == name => continue,
                other => return Err(format!("</{name}> closes {other:?}")),
            }
        }
        let (tag, is_whole) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            return Err(format!("no name: {name}"));
        }
        check_attributes(attributes)?;
        roots += usize::from(open.is_empty());
        if !is_whole {
            open.push(name);
        }
    }
    match (open.as_slice(), roots) {
        ([], 1) => Ok(()),
        _ => Err(format!("{roots} roots, still open: {open:?}")),
    }
}

fn check_attributes(text: &str) -> Result<(), String> {
    let mut seen = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("no attribute: {rest}"))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("an open quote: {rest}"))?;
        if seen.contains(&name) || name.contains([' ', '<', '&']) || value.contains(['<', '\n']) {
            return Err(format!("no attribute: {name}=\"{value}\""));
        }
        references(value)?;
        seen.push(name);
        rest = after.trim_start();
    }
    Ok(())
}

/// Every ampersand begins a known reference, and no character is forbidden.
fn references(text: &str) -> Result<(), String> {
    if let Some(wrong) = text
        .chars()
        .find(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'))
    {
        return Err(format!("a forbidden character {wrong:?}"));
    }
    if text.contains("]]>") {
        return Err("]]> in a text".to_owned());
    }
    for rest in text.split('&').skip(1) {
        let name = rest.split_once(';').ok_or("an ampersand without a semicolon")?.0;
        let is_number = name.strip_prefix('#').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_number && !["amp", "lt", "gt", "quot", "apos"].contains(&name) {
            return Err(format!("an unknown reference &{name};"));
        }
    }
    Ok(())
}

#[test]
fn broken_documents_would_be_found() {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    assert_eq!(check(&format!("{head}<a b=\"&lt;\">c &amp; d<e/></a>\n")), Ok(()));
    for wrong in
        ["<a>", "<a></b>", "<a/><a/>", "<a>&</a>", "<a b=\"<\"/>", "<a b='c'/>", "<a b=\"1\" b=\"2\"/>", "x<a/>"]
    {
        assert!(check(&format!("{head}{wrong}")).is_err(), "{wrong}");
    }
}
