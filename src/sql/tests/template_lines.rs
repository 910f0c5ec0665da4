//! Every line of every SQL template is needed: taken out, some case of the projects that ship no longer holds.
//!
//! Lines of comments alone are left out. A line that only words the text around the answer is on a list, with the reason.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use crate::catalog;
use crate::compare::{differences, same};
use crate::compute::{self, Answer, by_interpreter};
use crate::engine::{ENGINES, Engine, EngineError};
use crate::load;
use crate::plan::result::ledger_contract;
use crate::plan::*;
use crate::resolve::full_name;
use crate::sql::templates::embedded;
use crate::sql::templates::{TEMPLATES, Templates};
use crate::sql::{Dialect, Header, Output, render_with};
use crate::table::Table;
use crate::value::Value;
use crate::verify::{self, Expectation};

/// The projects whose cases must notice a missing line.
const PROJECTS: [&str; 5] = [
    "definitions",
    "definitions/examples/retailer",
    "definitions/examples/bank",
    "templates/starter/definitions",
    "tests/projects/plan_language",
];

/// Lines whose absence changes no answer: file, line without its indentation, reason.
const WITHOUT_EFFECT: [(&str, &str, &str); 7] = [
    (
        "query.sql.j2",
        "-- {{ header.metric | comment }} {{ header.version | comment }}: {{ header.title | comment }}",
        "a comment of the query",
    ),
    ("query.sql.j2", "-- {{ header.statement | comment }}", "a comment of the query"),
    (
        "query.sql.j2",
        "-- Fingerprint {{ header.fingerprint | comment }}. {{ header.question | comment }}",
        "a comment of the query",
    ),
    ("results/ledger.sql.j2", "order by fate_names.place", "promises the order that grouping happens to give"),
    (
        "steps/locate.sql.j2",
        "period_start,",
        "the contract of `period` grants it; only hours read it, and nothing is averaged over hours",
    ),
    (
        "dialects/duckdb.sql.j2",
        "{%- elif micros % 60000000 == 0 %}'{{ micros // 60000000 }} minutes'",
        "the same length in a smaller unit",
    ),
    (
        "dialects/duckdb.sql.j2",
        "{%- elif micros % 1000000 == 0 %}'{{ micros // 1000000 }} seconds'",
        "the same length in a smaller unit",
    ),
];

/// One query of one case, and what verification holds against its answer.
struct Question {
    plan: Plan,
    header: Header,
    request: Request,
    output: Output,
    /// The rows of the population's source, which a ledger must account for.
    rows: usize,
    reference: Answer,
    ledger: Vec<(String, Value)>,
    /// Questions of one shape have queries that differ only in names and constants.
    shape: String,
}

/// An engine that holds the tables of all cases, and the queries with whole templates.
struct Judge {
    dialect: Dialect,
    engine: Box<dyn Engine>,
    whole: Vec<String>,
}

/// Reads all cases and loads their tables into `engines`, each table under a name of its own.
fn questions(engines: &mut [Judge]) -> Vec<Question> {
    let mut questions = Vec::new();
    for project in PROJECTS {
        let mut loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
        let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
        let catalog = catalog::build(&loaded, &mut diagnostics);
        for (_, case) in &catalog.registry.cases {
            let prepared = verify::prepare(case, &catalog, &loaded.texts, &mut diagnostics).expect(&case.name.value);
            let number = questions.len();
            for (source, table) in &prepared.tables {
                for judge in engines.iter_mut() {
                    judge.engine.load(&table_of(source, number), table).expect(source);
                }
            }
            for expectation in &prepared.expectations {
                let name = full_name(&case.metric.value, expectation.variant.as_deref());
                let (_, reading) = catalog.reading(&name).expect(&name);
                let plan = &catalog.plans[&name];
                let header = compute::header(reading, plan);
                questions.extend(of_case(plan, header, (&prepared, expectation), number));
            }
        }
        assert!(!diagnostics.has_errors(), "{project}: {diagnostics:?}");
    }
    questions
}

fn of_case(
    plan: &Plan,
    header: Header,
    (prepared, expectation): (&verify::Prepared, &Expectation),
    number: usize,
) -> Vec<Question> {
    let request = &prepared.request;
    let reference = by_interpreter(plan, &prepared.tables, request).expect("the interpreter answers every case");
    let (outputs, rows) = match &plan.body {
        Body::Measured(pipeline) => {
            (vec![Output::Cells, Output::Ledger], prepared.tables[&pipeline.scan.source].rows.len())
        }
        _ => (vec![Output::Cells], 0),
    };
    let mut own = plan.clone();
    rename_tables(&mut own, number);
    let question = |output: Output| Question {
        plan: own.clone(),
        header: header.clone(),
        request: request.clone(),
        output,
        rows,
        reference: reference.clone(),
        ledger: expectation.ledger.clone(),
        shape: format!("{} {} {:?} {output:?}", plan.metric, request.grain, request.by),
    };
    outputs.into_iter().map(question).collect()
}

fn table_of(source: &str, number: usize) -> String {
    format!("{source}_{number}")
}

fn rename_tables(plan: &mut Plan, number: usize) {
    match &mut plan.body {
        Body::Measured(pipeline) => {
            let events = pipeline.relate.iter_mut().map(|relate| &mut relate.events);
            for scan in events.chain([&mut pipeline.scan]) {
                scan.table = table_of(&scan.source, number);
            }
        }
        Body::Combined(combination) => {
            combination.components.iter_mut().for_each(|part| rename_tables(&mut part.plan, number));
        }
        Body::Averaged(average) => rename_tables(&mut average.component, number),
    }
}

impl Question {
    fn sql(&self, templates: &Templates<'_>) -> Result<String, String> {
        render_with(templates, (&self.plan, &self.header), &self.request, self.output).map_err(|e| e.to_string())
    }

    /// Returns what verification says of the answer that `sql` gives, if it says anything.
    fn complaint(&self, sql: &str, engine: &mut dyn Engine) -> Option<String> {
        let fields = match self.output {
            Output::Cells => contract(&self.plan, &self.request),
            Output::Ledger => ledger_contract(),
        };
        match engine.query(sql, &fields) {
            Err(error) => Some(error.to_string()),
            Ok(cells) if self.output == Output::Cells => {
                (!differences(&self.reference.cells, &cells).is_empty()).then(|| "other cells".to_owned())
            }
            Ok(ledger) => self.ledger_complaint(&ledger),
        }
    }

    fn ledger_complaint(&self, ledger: &Table) -> Option<String> {
        let accounted = ledger.rows.iter().filter_map(|row| row[1].as_real()).sum::<f64>();
        if (accounted - self.rows as f64).abs() > 0.5 {
            return Some("the ledger does not add up".to_owned());
        }
        let rows = |line: &str| ledger.rows.iter().find(|row| row[0] == Value::text(line)).map(|row| &row[1]);
        let wrong = |(line, expected): &(String, Value)| !rows(line).is_some_and(|rows| same(expected, rows));
        self.ledger.iter().any(wrong).then(|| "another ledger".to_owned())
    }
}

/// The engines at hand; the lines of a dialect whose engine is not are not tried.
fn judges() -> Vec<Judge> {
    let mut judges = Vec::new();
    for entry in ENGINES {
        let dialect = Dialect::find(entry.dialect).expect("every engine has its dialect");
        match (entry.open)() {
            Ok(engine) => judges.push(Judge { dialect, engine, whole: Vec::new() }),
            Err(EngineError::Unavailable { .. }) if std::env::var_os("ETALON_REQUIRE_DUCKDB").is_none() => {
                // Not a macro: the test runner would keep what they print from a test that passes.
                let _ = writeln!(std::io::stderr(), "skipped: the template lines of {}", entry.name);
            }
            Err(error) => panic!("{}: {error}", entry.name),
        }
    }
    judges
}

/// Returns the numbers of the lines that hold more than blanks and comments, from 0.
fn lines_that_say_something(text: &str) -> Vec<usize> {
    let mut in_comment = false;
    let mut numbers = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let opens = line.starts_with("{#");
        if !(line.is_empty() || in_comment || opens) {
            numbers.push(number);
        }
        in_comment = (in_comment || opens) && !line.ends_with("#}");
    }
    numbers
}

fn without_line(text: &str, number: usize) -> String {
    text.split_inclusive('\n').enumerate().filter(|(other, _)| *other != number).map(|(_, line)| line).collect()
}

/// Tells whether some question is answered otherwise with `texts` than it should be. Those in `order` are asked first
/// to last; the one that tells moves to the front.
fn is_noticed(texts: &[(&str, &str)], judge: &mut Judge, questions: &[Question], order: &mut Vec<usize>) -> bool {
    let Ok(templates) = Templates::read(&judge.dialect, texts) else { return true };
    let mut same_shape: BTreeMap<&str, bool> = BTreeMap::new();
    for place in 0..order.len() {
        let number = order[place];
        let question = &questions[number];
        if same_shape.get(question.shape.as_str()) == Some(&true) {
            continue;
        }
        let noticed = match question.sql(&templates) {
            Err(_) => true,
            Ok(sql) => {
                let unchanged = sql == judge.whole[number];
                same_shape.insert(&question.shape, unchanged);
                !unchanged && question.complaint(&sql, judge.engine.as_mut()).is_some()
            }
        };
        if noticed {
            let number = order.remove(place);
            order.insert(0, number);
            return true;
        }
    }
    false
}

/// Returns the lines, as "file:line: text", that no question misses.
fn unnoticed(judges: &mut [Judge], questions: &[Question]) -> (usize, Vec<String>) {
    let mut tried = 0;
    let mut survivors = Vec::new();
    for (position, (name, text)) in TEMPLATES.iter().enumerate() {
        let mut orders: Vec<Vec<usize>> = judges.iter().map(|_| (0..questions.len()).collect()).collect();
        let own = |judge: &Judge| !name.starts_with("dialects/") || name.contains(judge.dialect.name);
        if !judges.iter().any(own) {
            continue;
        }
        for number in lines_that_say_something(text) {
            let line = text.lines().nth(number).unwrap_or_default().trim();
            if WITHOUT_EFFECT.iter().any(|(file, known, _)| file == name && *known == line) {
                continue;
            }
            let changed = without_line(text, number);
            let mut texts = TEMPLATES;
            texts[position].1 = &changed;
            tried += 1;
            let mut concerned = judges.iter_mut().zip(&mut orders).filter(|(judge, _)| own(judge));
            if !concerned.any(|(judge, order)| is_noticed(&texts, judge, questions, order)) {
                survivors.push(format!("templates/{name}:{}: {line}", number + 1));
            }
        }
    }
    (tried, survivors)
}

#[test]
fn without_any_one_line_of_a_template_some_case_fails() {
    let mut judges = judges();
    let questions = questions(&mut judges);
    for judge in &mut judges {
        let whole = embedded(&judge.dialect);
        judge.whole = questions.iter().map(|question| question.sql(whole).expect("renders")).collect();
        for (question, sql) in questions.iter().zip(&judge.whole) {
            assert_eq!(question.complaint(sql, judge.engine.as_mut()), None, "{sql}");
        }
    }
    let (tried, survivors) = unnoticed(&mut judges, &questions);
    assert!(tried > 500, "the lines are read");
    assert!(survivors.is_empty(), "{} of {tried} lines:\n{}", survivors.len(), survivors.join("\n"));
}

#[test]
fn every_line_said_to_be_without_effect_is_still_there() {
    for (file, line, _) in WITHOUT_EFFECT {
        let template = TEMPLATES.iter().find(|(name, _)| *name == file).expect(file);
        assert_eq!(template.1.lines().filter(|known| known.trim() == line).count(), 1, "{file}: {line}");
    }
}
