//! The examples of rules, judged: the rule finds what is bad, at its place, and neither what is good nor the sample itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use etalon::catalog::{self, Catalog, Document, Wanted};
use etalon::diagnostic::Diagnostics;
use etalon::diff::{self, Scope};
use etalon::report::diagnostic::{Style, render};
use etalon::rules::{self, Area, Edit, Files, Finding, Rule, Side, Subject};
use etalon::text::Texts;
use etalon::value::Date;
use etalon::verify::{How, verify};

use super::{base, edited};

/// The areas whose examples are judged.
const AREAS: [Area; 2] = [Area::Validity, Area::Fixtures];

/// What the rules find, and the texts it stands in.
pub(super) struct Judgement {
    pub(super) texts: Texts,
    pub(super) findings: Vec<Finding>,
    /// What is wrong with the project besides.
    pub(super) faults: String,
}

impl Judgement {
    /// Returns the findings of a rule.
    pub(super) fn of(&self, rule: &Rule) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.rule.id == rule.id).collect()
    }

    /// Returns the files that a finding points into, the first where it stands itself.
    fn files(&self, finding: &Finding) -> Vec<&str> {
        let name = |span: etalon::text::Span| self.texts.get(span.text).name.as_str();
        let named = finding.diagnostic.labels.iter().map(|label| name(label.span));
        std::iter::once(name(finding.diagnostic.span())).chain(named).collect()
    }
}

/// The sample project, read once.
struct Base {
    texts: Texts,
    documents: BTreeMap<String, Document>,
    catalog: Catalog,
}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let mut documents = BTreeMap::new();
    for (name, text) in base::files().into_iter().filter(|(name, _)| name.ends_with(".yaml")) {
        let id = texts.add(name.clone(), text);
        documents.extend(Document::read(id, &texts, &mut diagnostics).map(|document| (name, document)));
    }
    let all = documents.values().cloned().collect();
    let catalog = catalog::assemble(all, &texts, &Wanted::Every, &mut diagnostics);
    Base { texts, documents, catalog }
});

/// Judges a project as what the sample project has become; `with_cases` computes the cases first.
pub(super) fn judge(new: Files, with_cases: bool) -> Judgement {
    let (mut texts, mut diagnostics) = (BASE.texts.clone(), Diagnostics::new());
    let mut documents = Vec::new();
    for (name, text) in new.into_iter().filter(|(name, _)| name.ends_with(".yaml")) {
        let known = BASE.documents.get(&name).filter(|document| texts.get(document.text).content == text);
        documents.extend(known.cloned().or_else(|| {
            let id = texts.add(name, text);
            Document::read(id, &texts, &mut diagnostics)
        }));
    }
    let new = catalog::assemble(documents, &texts, &Wanted::Every, &mut diagnostics);
    let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
    let verification = with_cases.then(|| verify(&new, &texts, how, &mut diagnostics));
    let diff = diff::compare(&BASE.catalog, &new, &texts, &Scope::Every);
    let subject = Subject {
        new: Side::of(&new),
        old: Some(Side::of(&BASE.catalog)),
        diff: Some(&diff),
        texts: &texts,
        today: Date::parse(base::TODAY).expect("a day"),
        verification: verification.as_ref(),
        asked: Some(rules::Profile::Strict),
        authors: &[],
    };
    let findings = rules::judge(&subject);
    let faults = render(&diagnostics.into_sorted(), &texts, Style::Plain);
    Judgement { texts, findings, faults }
}

/// Returns the rules whose examples are judged: those that code decides.
fn judged() -> impl Iterator<Item = &'static Rule> {
    rules::all()
        .iter()
        .filter(|rule| AREAS.contains(&rule.area) && rule.matches.is_empty() && rule.replaced_by.is_none())
}

/// Returns what is wrong with the example of a rule.
fn faults(rule: &'static Rule) -> Vec<String> {
    let with_cases = rule.area == Area::Fixtures;
    let mut faults = Vec::new();
    let bad = judge(edited(rule, &rule.bad), with_cases);
    let good = judge(edited(rule, &rule.good), with_cases);
    for (name, judgement) in [("bad", &bad), ("good", &good)] {
        if !judgement.faults.is_empty() {
            faults.push(format!("the {name} example is no sound project:\n{}", judgement.faults));
        }
    }
    if bad.of(rule).is_empty() {
        let others: BTreeSet<&str> = bad.findings.iter().map(|finding| finding.rule.id).collect();
        faults.push(format!("the bad example is not found, but {others:?}"));
    }
    faults.extend(
        good.of(rule).iter().map(|finding| format!("the good example is found: {}", finding.diagnostic.message)),
    );
    faults.extend(bad.of(rule).iter().filter_map(|finding| misplaced(rule, &bad, finding)));
    faults
}

/// Tells what is wrong with the place of a finding: it stands in a file of its metric, and points to what was edited.
fn misplaced(rule: &Rule, judgement: &Judgement, finding: &Finding) -> Option<String> {
    let files = judgement.files(finding);
    let is_about = |edit: &Edit| {
        // Nothing points into a file that is gone.
        if let Edit::Remove { file } = edit
            && !file.contains("/cases/")
        {
            return true;
        }
        let folder = edit.file().rsplit_once("/cases/").map_or(edit.file(), |(folder, _)| folder);
        files.iter().any(|file| file.starts_with(folder))
    };
    if !rule.bad.iter().any(is_about) {
        return Some(format!("`{}` points to none of the edited files: {files:?}", finding.diagnostic.message));
    }
    let own = finding.metric.as_ref().map(|metric| format!("/{metric}/"));
    let is_own = |folder: &String| files.iter().any(|file| file.contains(folder.as_str()));
    own.filter(|own| !is_own(own)).map(|_| format!("`{}` stands in no file of its metric", finding.diagnostic.message))
}

#[test]
fn every_rule_has_an_example_of_either_kind() {
    for rule in judged() {
        assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{}", rule.id);
    }
}

#[test]
fn no_rule_finds_anything_in_the_sample_project() {
    let judgement = judge(base::files(), true);
    let told = judgement.findings.iter().filter(|finding| AREAS.contains(&finding.rule.area));
    let told: Vec<_> = told.map(|finding| finding.diagnostic.clone()).collect();
    assert!(told.is_empty(), "{}", render(&told, &judgement.texts, Style::Plain));
    assert_eq!(judgement.faults, "");
}

#[test]
fn every_rule_finds_its_bad_example_at_its_place_and_not_its_good_one() {
    let rules: Vec<&'static Rule> = judged().collect();
    let halves = rules.split_at(rules.len() / 2);
    let told = |rules: &[&'static Rule]| -> Vec<String> {
        let told = rules.iter().map(|rule| (rule.id, faults(rule)));
        told.flat_map(|(id, faults)| faults.into_iter().map(move |fault| format!("{id}: {fault}"))).collect()
    };
    let wrong = std::thread::scope(|scope| {
        let first = scope.spawn(|| told(halves.0));
        [told(halves.1), first.join().expect("the first half")].concat()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
