//! Pairs of projects, old and new: every rule judges every pair.
//!
//! `tests/changes/base` is a whole project; `tests/changes/<pair>/old` and `new` hold the files in which the two sides of a
//! pair differ from it. `tests/changes/matrix.txt` has what is found in each pair. `ETALON_BLESS=1` writes the locks, the
//! pairs of the rules' examples and the matrix anew, each in a run of its own: the base is read once.

/// The locks and the signatures of the pairs.
mod papers;
/// Changes as a whole, from the old version to the signatures on the new one.
mod workflow;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use etalon::catalog::{self, Catalog, Document, Wanted};
use etalon::diagnostic::Diagnostics;
use etalon::diff::{self, Diff, MeaningChange, Scope};
use etalon::impact::{Attribution, CellPrice, Fraction, Part, Price, Projects, Rows, Shares, price};
use etalon::review::Papers;
use etalon::rules::{self, Area, Edit, FALLBACK, Finding, Rule, Subject};
use etalon::text::{TextId, Texts};
use etalon::value::Date;
use similar::TextDiff;

use crate::rules::base;

/// Texts of a project by path.
type Files = BTreeMap<String, String>;

/// The pair for which the base is held against itself.
const FIRST: &str = "metric_added";
/// Fewest pairs.
const FEWEST: usize = 120;
/// Rules that only the command line can find, which alone sees a run that compares or checks nothing at all.
const OF_THE_COMMAND_LINE: [&str; 2] = ["baseline-unresolvable", "nothing-checked"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/changes")
}

/// Reads every file below a folder.
fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(place) = open.pop() {
        let Ok(entries) = fs::read_dir(&place) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
    files
}

/// A pair: the files of each side that differ from the base.
struct Pair {
    name: String,
    old: Files,
    new: Files,
}

impl Pair {
    /// Returns a whole project: the base with the files of a side in the place of those that either side has.
    fn side(&self, own: &Files) -> Files {
        let mut files = base::files();
        files.retain(|name, _| !self.old.contains_key(name) && !self.new.contains_key(name));
        files.extend(own.iter().map(|(name, text)| (name.clone(), text.clone())));
        files
    }
}

fn pairs() -> Vec<Pair> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("the folder of pairs")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir() && entry.file_name() != "base")
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let pair = |name: String| {
        let place = folder().join(&name);
        Pair { old: read(&place.join("old")), new: read(&place.join("new")), name }
    };
    names.into_iter().map(pair).collect()
}

/// Returns the pair that a rule's bad example makes of the base.
fn example(rule: &rules::Rule) -> Pair {
    pair_of(rule, &rule.bad)
}

fn pair_of(rule: &rules::Rule, edits: &[Edit]) -> Pair {
    let mut whole = base::files();
    rule.given.iter().for_each(|edit| edit.apply(&mut whole).expect("what is given applies"));
    let mut edited = whole.clone();
    edits.iter().for_each(|edit| edit.apply(&mut edited).expect("an example applies"));
    let touched: BTreeSet<&str> = rule.given.iter().chain(edits).map(Edit::file).collect();
    let of = |files: &Files| -> Files {
        files.iter().filter(|(name, _)| touched.contains(name.as_str())).map(|(n, t)| (n.clone(), t.clone())).collect()
    };
    Pair { name: rule.id.replace('-', "_"), old: of(&whole), new: of(&edited) }
}

/// Two sides over one collection of texts, compared and judged.
struct Judged {
    texts: Texts,
    diff: Diff,
    findings: Vec<Finding>,
}

/// Two sides over one collection of texts, compared.
struct Compared {
    texts: Texts,
    old: Catalog,
    new: Catalog,
    diff: Diff,
}

/// The base, parsed once: most files of every pair are its own.
static BASE: LazyLock<(Texts, BTreeMap<String, Document>)> = LazyLock::new(|| {
    let mut texts = Texts::new();
    let files = base::files();
    let ids: Vec<(String, TextId)> = definitions(&files)
        .map(|(name, text)| (name.clone(), texts.add(format!("base/{name}"), text.clone())))
        .collect();
    let read = |id| Document::read(id, &texts, &mut Diagnostics::new()).expect("the base is sound");
    let documents = ids.into_iter().map(|(name, id)| (name, read(id))).collect();
    (texts, documents)
});

/// Returns the files that define something; others stand beside them.
fn definitions(files: &Files) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(|(name, _)| name.ends_with(".yaml"))
}

/// Adds a side to the texts and returns its documents.
fn documents(texts: &mut Texts, side: &str, files: &Files) -> Vec<Document> {
    let mut documents = Vec::new();
    for (name, text) in definitions(files) {
        let known = BASE.1.get(name).filter(|known| BASE.0.get(known.text).content == *text);
        documents.extend(known.cloned().or_else(|| {
            let id = texts.add(format!("{side}/{name}"), text.clone());
            Document::read(id, texts, &mut Diagnostics::new())
        }));
    }
    documents
}

fn build(documents: Vec<Document>, texts: &Texts) -> Catalog {
    let mut catalog = catalog::assemble(documents, texts, &Wanted::Every, &mut Diagnostics::new());
    let places: Vec<TextId> = catalog.documents.values().map(|document| document.text).collect();
    catalog.folders = places.into_iter().map(|id| (id, folder().join("base"))).collect();
    catalog.root = Some(folder().join("base"));
    catalog
}

fn compared(old: &Files, new: &Files) -> Compared {
    let mut texts = BASE.0.clone();
    let (olds, news) = (documents(&mut texts, "old", old), documents(&mut texts, "new", new));
    let (old, new) = (build(olds, &texts), build(news, &texts));
    let diff = diff::compare(&old, &new, &texts, &Scope::Every);
    Compared { texts, old, new, diff }
}

/// Shows the two sides of every pair by its name.
pub(crate) fn each(show: &(dyn Fn(&str, &Catalog, &Catalog, &Texts) + Sync)) {
    let all = pairs();
    std::thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(2)) {
            scope.spawn(move || {
                for pair in part {
                    let Compared { texts, old, new, .. } = compared(&pair.side(&pair.old), &pair.side(&pair.new));
                    show(&pair.name, &old, &new, &texts);
                }
            });
        }
    });
}

fn judged(old_files: &Files, new_files: &Files) -> Judged {
    let Compared { mut texts, old, new, diff } = compared(old_files, new_files);
    let papers = [("old", old_files, &old), ("new", new_files, &new)];
    let [old_papers, new_papers] =
        papers.map(|(side, files, catalog)| papers::read(&mut texts, (side, files), catalog));
    let subject = Subject {
        new: new_papers.side(&new),
        old: Some(old_papers.side(&old)),
        diff: Some(&diff),
        texts: &texts,
        today: Date::parse(base::TODAY).expect("a day"),
        verification: None,
        asked: None,
        authors: &[],
    };
    let findings = rules::judge(&subject);
    Judged { texts, diff, findings }
}

/// Writes one finding with its rule, its place and its way.
fn line(finding: &Finding, texts: &Texts) -> String {
    let span = finding.diagnostic.span();
    let start = texts.position(span);
    let width = texts.slice(span).chars().count();
    let metric = finding.metric.as_deref().unwrap_or("-");
    let severity = finding.diagnostic.severity.name();
    let edit = finding.edit.as_ref().map_or(String::new(), |edit| {
        let through = edit.through.as_ref().map(|object| format!(" through {object}")).unwrap_or_default();
        format!(" {} {} {}{through}", edit.kind.name(), edit.direction.name(), edit.evidence.name())
    });
    let name = &texts.get(span.text).name;
    format!("  {severity} {} {metric} {name}:{start}+{width}{edit}", finding.rule.id)
}

/// Returns what is found in a project alone.
fn known(files: &Files) -> BTreeSet<String> {
    judged(files, files).findings.into_iter().map(|found| found.fingerprint).collect()
}

/// Returns what is found in the change and not in the old side alone.
fn told(pair: &Pair) -> String {
    let (old, new) = (pair.side(&pair.old), pair.side(&pair.new));
    static BEFORE: LazyLock<BTreeSet<String>> = LazyLock::new(|| known(&base::files()));
    let before = if old == base::files() { BEFORE.clone() } else { known(&old) };
    let judged = judged(&old, &new);
    let found = judged.findings.iter().filter(|finding| !before.contains(&finding.fingerprint));
    let lines: Vec<String> = found.map(|finding| line(finding, &judged.texts)).collect();
    format!("{}\n{}\n", pair.name, lines.join("\n"))
}

fn write(place: &Path, files: &Files) {
    let _ = fs::remove_dir_all(place);
    for (name, text) in files {
        let path = place.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
}

#[test]
fn every_rule_has_its_pair_and_the_pair_is_the_rules_example() {
    for rule in rules::all().iter().filter(|rule| rule.replaced_by.is_none()) {
        let pair = example(rule);
        let place = folder().join(&pair.name);
        if std::env::var_os("ETALON_BLESS").is_some() {
            write(&place.join("old"), &pair.old);
            write(&place.join("new"), &pair.new);
        }
        // Every place of the format has a rule of its own, so that nothing shows the last resort.
        if rule.id == FALLBACK {
            continue;
        }
        assert_eq!(read(&place.join("old")), pair.old, "{}: ETALON_BLESS=1 writes it anew", rule.id);
        assert_eq!(read(&place.join("new")), pair.new, "{}: ETALON_BLESS=1 writes it anew", rule.id);
    }
    assert!(pairs().len() >= FEWEST, "{}", pairs().len());
}

#[test]
fn every_rule_finds_what_it_should_in_every_pair_and_nothing_else() {
    let all = pairs();
    let half = all.len().div_ceil(2);
    let said: String = std::thread::scope(|scope| {
        let parts: Vec<_> =
            all.chunks(half).map(|part| scope.spawn(move || part.iter().map(told).collect::<String>())).collect();
        parts.into_iter().map(|part| part.join().expect("no thread panicked")).collect()
    });
    let golden = folder().join("matrix.txt");
    if std::env::var_os("ETALON_BLESS").is_some() {
        fs::write(&golden, &said).expect("the matrix");
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    let diff = TextDiff::from_lines(&expected, &said);
    assert!(expected == said, "{}", diff.unified_diff().header("golden", "said"));
}

#[test]
fn every_rule_fires_on_its_own_pair() {
    let matrix = fs::read_to_string(folder().join("matrix.txt")).expect("the matrix");
    let mut silent = Vec::new();
    for rule in rules::all().iter().filter(|rule| rule.replaced_by.is_none()) {
        let head = format!("{}\n", rule.id.replace('-', "_"));
        let section = matrix.split("\n\n").flat_map(|part| part.split_inclusive('\n'));
        let own: String =
            section.skip_while(|line| **line != head).skip(1).take_while(|line| line.starts_with("  ")).collect();
        if !own.contains(&format!(" {} ", rule.id)) {
            silent.push(rule.id);
        }
    }
    // What rests on computed cases is shown by the tests of rules; pairs are judged without computing any.
    let needs_cases =
        |id: &str| rules::find(id).is_some_and(|rule| rule.area == Area::Fixtures && rule.matches.is_empty());
    silent.retain(|rule| *rule != FALLBACK && !needs_cases(rule));
    assert_eq!(silent, OF_THE_COMMAND_LINE);
}

/// Returns the rules about versions and what is agreed on them that code decides.
fn of_papers() -> impl Iterator<Item = &'static Rule> {
    let areas = [Area::Lifecycle, Area::Integrity];
    let rules = rules::all().iter().filter(|rule| rule.replaced_by.is_none() && rule.matches.is_empty());
    rules.filter(move |rule| areas.contains(&rule.area) && !OF_THE_COMMAND_LINE.contains(&rule.id))
}

#[test]
fn the_good_example_of_a_rule_about_versions_is_sound_and_not_found() {
    let mut wrong = Vec::new();
    for rule in of_papers() {
        assert!(!rule.good.is_empty(), "{} has no good example", rule.id);
        let pair = pair_of(rule, &rule.good);
        if told(&pair).contains(&format!(" {} ", rule.id)) {
            wrong.push(rule.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn nothing_about_versions_is_found_in_the_base() {
    let judged = judged(&base::files(), &base::files());
    let areas = [Area::Lifecycle, Area::Integrity];
    let found = judged.findings.iter().filter(|finding| areas.contains(&finding.rule.area));
    let lines: Vec<String> = found.map(|finding| line(finding, &judged.texts)).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// Returns what is found in edits, in an order that does not depend on the side.
fn edits(judged: &Judged, mirrored: bool) -> BTreeSet<String> {
    let comparisons = judged.diff.comparisons.iter();
    let all = comparisons.flat_map(|comparison| comparison.edits.iter().map(move |edit| (comparison, edit)));
    all.map(|(comparison, judged)| {
        let (kind, way) = match mirrored {
            true => (judged.edit.kind.mirrored(), judged.direction.mirrored()),
            false => (judged.edit.kind, judged.direction),
        };
        let id = if judged.through.is_some() { judged.edit.object.id() } else { comparison.id.as_str() };
        format!("{id} {} {} {:?} {}", judged.edit.path, kind.name(), judged.effect, way.name())
    })
    .collect()
}

#[test]
fn a_side_does_not_differ_from_itself() {
    for pair in pairs() {
        // The old side is the base in most pairs.
        let sides = [pair.side(&pair.old), pair.side(&pair.new)];
        for side in sides.iter().filter(|side| **side != base::files() || pair.name == FIRST) {
            let side = side.clone();
            let judged = judged(&side, &side);
            assert!(judged.diff.comparisons.is_empty(), "{}", pair.name);
            assert!(judged.diff.shared.is_empty() && judged.diff.cases.is_empty(), "{}", pair.name);
            assert!(judged.findings.iter().all(|finding| finding.edit.is_none()), "{}", pair.name);
        }
    }
}

#[test]
fn swapped_sides_give_the_mirror_of_every_edit() {
    for pair in pairs() {
        let (old, new) = (pair.side(&pair.old), pair.side(&pair.new));
        let (there, back) = (judged(&old, &new), judged(&new, &old));
        // A new version beside the old one is compared with it; the way back only loses it.
        let is_version = |judged: &Judged| judged.diff.comparisons.iter().any(|it| it.old != it.new);
        let is_renamed = |judged: &Judged| judged.diff.comparisons.iter().any(|it| it.renamed_from.is_some());
        if is_version(&there) || is_version(&back) || is_renamed(&there) {
            continue;
        }
        assert_eq!(edits(&there, false), edits(&back, true), "{}", pair.name);
    }
}

/// Prices everything that a pair moves on its cases.
fn priced(compared: &Compared) -> Vec<Price> {
    let Compared { texts, old, new, diff } = compared;
    let projects = Projects { old, new, texts };
    let differing = diff.comparisons.iter().filter(|it| it.meaning == MeaningChange::Differs);
    let price = |it: &diff::Comparison| {
        let old_id = it.renamed_from.as_deref().unwrap_or(&it.id);
        let rows = Rows::cases((old, old_id), (new, &it.id), texts);
        price(it, &projects, &rows, &|_| ()).expect("both sides have a meaning")
    };
    differing.map(price).collect()
}

/// Returns what does not add up in a cell.
fn wrong(cell: &CellPrice) -> Option<String> {
    let shared: Vec<(Part, &Shares)> = match &cell.attribution {
        Attribution::Shared(shares) => vec![(Part::Value, shares)],
        Attribution::Impossible { parts, .. } => parts.iter().map(|(part, shares)| (*part, shares)).collect(),
    };
    shared.into_iter().find_map(|(part, shares)| {
        let sum = |parts: &[Fraction]| parts.iter().try_fold(Fraction::ZERO, |sum, part| sum.plus(*part));
        let total = shares.new.minus(shares.old);
        let adds_up = sum(&shares.shares) == total && sum(&shares.sequential) == total;
        // The ends are the two versions themselves, as their results show them.
        let number = |shown: &Option<etalon::impact::Shown>| {
            let shown = shown.as_ref()?;
            match part {
                Part::Value => shown.value.as_real(),
                Part::Numerator => shown.numerator.as_real(),
                Part::Denominator => shown.denominator.as_real(),
            }
        };
        let near = |end: Fraction, shown: Option<f64>| {
            shown.is_none_or(|shown| (end.to_f64() - shown).abs() <= 1e-12 * shown.abs().max(1.0))
        };
        let fits = near(shares.old, number(&cell.old)) && near(shares.new, number(&cell.new));
        (!adds_up || !fits).then(|| format!("{part:?} of {cell:?}"))
    })
}

#[test]
fn the_price_of_every_pair_adds_up_to_the_move_exactly() {
    let all = pairs();
    let half = all.len().div_ceil(2);
    let check = |pair: &Pair| {
        let compared = compared(&pair.side(&pair.old), &pair.side(&pair.new));
        let (mut cells, mut said) = (0, Vec::new());
        for price in priced(&compared) {
            for reading in price.grounds.iter().flat_map(|ground| &ground.readings) {
                let name = format!("{}: {}.{}", pair.name, price.metric, reading.variant);
                // The cases of the base do not have a column that only one side knows.
                let failed = reading.failed.as_ref().filter(|reason| !reason.contains(" is not given, "));
                said.extend(failed.map(|reason| format!("{name} is not computed: {reason}")));
                said.extend(reading.cells.iter().filter_map(wrong).map(|found| format!("{name}: {found}")));
                cells += reading.cells.len();
            }
        }
        (cells, said)
    };
    let found: Vec<(usize, Vec<String>)> = std::thread::scope(|scope| {
        let parts: Vec<_> =
            all.chunks(half).map(|part| scope.spawn(|| part.iter().map(check).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no thread panicked")).collect()
    });
    let (cells, said): (Vec<usize>, Vec<Vec<String>>) = found.into_iter().unzip();
    assert!(said.concat().is_empty(), "{}", said.concat().join("\n"));
    assert!(cells.iter().sum::<usize>() > all.len(), "{cells:?}");
}

/// Writes a file anew: other order of keys, other quotes and indents, no comments.
fn rewritten(text: &str) -> String {
    let value: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
    format!("# Written anew.\n{}", serde_yaml::to_string(&reversed(value)).expect("YAML"))
}

fn reversed(value: serde_yaml::Value) -> serde_yaml::Value {
    match value {
        serde_yaml::Value::Mapping(map) => {
            // Facts and variants may use those before them, and calendars change in order.
            let is_ordered = map.values().all(|value| value.is_mapping());
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, reversed(value))).collect();
            if !is_ordered {
                entries.reverse();
            }
            serde_yaml::Value::Mapping(entries.into_iter().collect())
        }
        serde_yaml::Value::Sequence(items) => serde_yaml::Value::Sequence(items.into_iter().map(reversed).collect()),
        other => other,
    }
}

#[test]
fn comments_the_order_of_keys_and_the_layout_of_a_file_are_no_change() {
    let files = base::files();
    let write = |(name, text): (&String, &String)| {
        let text = if name.ends_with(".yaml") { rewritten(text) } else { text.clone() };
        (name.clone(), text)
    };
    let anew: Files = files.iter().map(write).collect();
    let judged = judged(&files, &anew);
    let told: Vec<String> = edits(&judged, false).into_iter().collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(judged.diff.comparisons.iter().all(|comparison| comparison.meaning == MeaningChange::Same));
}
