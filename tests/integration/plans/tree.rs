//! What Spark's `explain formatted` shows, as a tree of operators.
//!
//! Reads text and judges nothing.

use std::collections::BTreeMap;

/// One operator of a physical plan.
#[derive(Debug)]
pub(super) struct Operator {
    /// Its name, as `SortMergeJoin`.
    pub(super) name: String,
    /// What stands behind the name, as `LeftOuter`.
    pub(super) kind: String,
    /// What is said of it below the tree, by key: `Arguments`, `Keys [2]`.
    pub(super) details: BTreeMap<String, String>,
    /// What it reads.
    pub(super) inputs: Vec<Operator>,
}

impl Operator {
    /// Returns the detail whose key is `key`, but for numbers in brackets behind it.
    pub(super) fn detail(&self, key: &str) -> &str {
        let is_it = |known: &str| known.split(" [").next() == Some(key);
        self.details.iter().find(|(known, _)| is_it(known)).map_or("", |(_, value)| value.as_str())
    }

    /// Calls `visit` on this operator and all below it.
    pub(super) fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Operator)) {
        visit(self);
        for input in &self.inputs {
            input.walk(visit);
        }
    }
}

/// Reads the tree of an explained query; a plan with subqueries, whose trees stand elsewhere, is an error.
pub(super) fn parsed(plan: &str) -> Result<Operator, String> {
    if plan.contains("== Subqueries ==") {
        return Err("the plan has subqueries".to_owned());
    }
    let mut details = details(plan)?;
    let lines = plan.lines().skip_while(|line| *line != "== Physical Plan ==").skip(1);
    let mut path: Vec<Operator> = Vec::new();
    for line in lines.take_while(|line| !line.trim().is_empty()) {
        let (depth, name, kind, number) = head(line)?;
        if depth > path.len() || (depth == 0) != path.is_empty() {
            return Err(format!("an operator without parent: {line}"));
        }
        fold(&mut path, depth);
        let details = details.remove(&number).ok_or_else(|| format!("nothing is said of {line}"))?;
        path.push(Operator { name, kind, details, inputs: Vec::new() });
    }
    fold(&mut path, 1);
    path.pop().ok_or_else(|| "there is no plan".to_owned())
}

/// Hands operators to their parents until `depth` of them, but at least the root, are left on the path.
fn fold(path: &mut Vec<Operator>, depth: usize) {
    while path.len() > depth.max(1) {
        let done = path.pop().expect("not empty");
        path.last_mut().expect("it has a parent").inputs.push(done);
    }
}

/// Splits a line such as `   :  +- SortMergeJoin Inner (17)` into depth, name, kind and number.
fn head(line: &str) -> Result<(usize, String, String, u32), String> {
    let strange = || format!("not an operator: {line}");
    let start = line.find(|character: char| character.is_alphabetic()).ok_or_else(strange)?;
    let (words, number) = line[start..].rsplit_once(" (").ok_or_else(strange)?;
    let number = number.trim_end_matches(')').parse().map_err(|_| strange())?;
    let (name, kind) = words.split_once(' ').unwrap_or((words, ""));
    // A star before a name says that code is generated for the operator.
    let indent = line[..start].trim_end_matches("* ").chars().count();
    Ok((indent / 3, name.to_owned(), kind.to_owned(), number))
}

/// Reads the paragraphs below the tree, by number of the operator.
fn details(plan: &str) -> Result<BTreeMap<u32, BTreeMap<String, String>>, String> {
    let mut all = BTreeMap::new();
    for paragraph in plan.split("\n\n").map(str::trim).filter(|paragraph| paragraph.starts_with('(')) {
        let mut lines = paragraph.lines();
        let head = lines.next().unwrap_or_default();
        let number = head[1..].split(')').next().and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| format!("not a paragraph on an operator: {head}"))?;
        let pairs = lines.filter_map(|line| line.split_once(':'));
        all.insert(number, pairs.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect());
    }
    Ok(all)
}
