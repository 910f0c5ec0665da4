//! The catalogue as a page for people.

use super::rule::{Area, Rule};

/// Writes every rule: a table for each area, then why it is there and what mends it.
pub fn reference() -> String {
    let rules = super::all();
    let mut page = format!(
        "# The rules\n\nThere are {} rules, each a data file under `src/rules`. This page is generated from them; \
         `etalon explain <rule>` shows a rule with its examples.\n\nThe severity is that for released metrics. The class \
         says which version is due: a *breaking* change needs a major one, an *additive* one a minor one, *wording* and \
         *governance* a patch; *validity* is no change but a fault of one version. The profile is the smallest that has \
         the rule: `numbers`, `reading`, `governance`, `strict`, each with the rules of those before it.\n",
        rules.len()
    );
    for area in Area::EVERY {
        page.push_str(&section(area, &rules.iter().filter(|rule| rule.area == area).collect::<Vec<_>>()));
    }
    page
}

fn section(area: Area, rules: &[&Rule]) -> String {
    let title = area.name();
    let mut text = format!("\n## {}: {}\n\n", capitalised(title), area.about());
    text.push_str("| rule | class | severity | profile | |\n|---|---|---|---|---|\n");
    for rule in rules {
        let (class, severity, profile) = (rule.class.name(), rule.severity.name(), rule.profile.name());
        text.push_str(&format!("| [`{0}`](#{0}) | {class} | {severity} | {profile} | {1} |\n", rule.id, rule.title));
    }
    for rule in rules {
        text.push_str(&format!("\n### {}\n\n{}\n", rule.id, rule.why));
        if let Some(successor) = &rule.replaced_by {
            text.push_str(&format!("\n*Replaced by* `{successor}`.\n"));
        }
        text.push_str(&format!("\n*Remedy:* {}\n", rule.remedy));
    }
    text
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
