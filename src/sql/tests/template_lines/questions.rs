//! The questions that tell whether a template line is needed, and the engines that answer them.
//!
//! Knows no line.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use super::TEMPLATES;
use crate::catalog;
use crate::compare::differences;
use crate::compute::{self, Answer, by_interpreter};
use crate::engine::{ENGINES, Engine, EngineError};
use crate::load;
use crate::plan::result::ledger_contract;
use crate::plan::*;
use crate::resolve::full_name;
use crate::sql::fused::fused_with;
use crate::sql::templates::{Templates, embedded};
use crate::sql::tests::agreeing::{some_question, some_world};
use crate::sql::tests::worlds::{HEADER, asked};
use crate::sql::{Dialect, Fused, Header, Output, parted, render_with};
use crate::table::Table;
use crate::verify;

/// The projects whose cases must notice a missing line.
const PROJECTS: [&str; 6] = [
    "definitions",
    "definitions/examples/retailer",
    "definitions/examples/bank",
    "templates/starter/definitions",
    "tests/projects/plan_language",
    "tests/projects/kinds",
];

/// How many random worlds are asked how many questions.
const WORLDS: u64 = 4;
const PLANS: usize = 16;

/// One query of one case or plan, and what its answer must be.
pub(super) struct Question {
    plan: Plan,
    header: Header,
    request: Request,
    output: Output,
    reference: Answer,
    /// Other plans that the same query answers, with their cells.
    together: Vec<(Plan, Table)>,
    /// Questions of one shape have queries that differ only in names and constants.
    pub(super) shape: String,
    /// The queries with whole templates, by dialect.
    pub(super) whole: BTreeMap<&'static str, String>,
    /// The templates that the queries come from, by dialect.
    uses: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Question {
    /// Writes the query.
    pub(super) fn sql(&self, templates: &Templates) -> Result<String, String> {
        if !self.together.is_empty() {
            return self.fused(templates).map(|fused| fused.text);
        }
        render_with(templates, (&self.plan, &self.header), &self.request, self.output).map_err(|e| e.to_string())
    }

    fn fused(&self, templates: &Templates) -> Result<Fused, String> {
        let others = self.together.iter().map(|(plan, _)| plan);
        let metrics: Vec<(&Plan, Header)> =
            [&self.plan].into_iter().chain(others).map(|plan| (plan, self.header.clone())).collect();
        fused_with(templates, &metrics, &self.request, &super::plans::values).map_err(|error| error.to_string())
    }

    /// Returns what verification says of the answer to all plans, if it says anything.
    fn complaint_together(&self, sql: &str, judge: &mut dyn Engine) -> Option<String> {
        let dialect = Dialect::find(judge.dialect()).expect("every engine has its dialect");
        let fused = self.fused(embedded(&dialect)).expect("renders");
        let answer = match judge.query(sql, &fused.fields) {
            Err(error) => return Some(error.to_string()),
            Ok(answer) => answer,
        };
        let others = self.together.iter().map(|(plan, _)| plan);
        let plans: Vec<&Plan> = [&self.plan].into_iter().chain(others).collect();
        let Some(tables) = parted(&fused, &answer, (&plans, &self.request)) else {
            return Some("no answer".to_owned());
        };
        let expected = [&self.reference.cells].into_iter().chain(self.together.iter().map(|(_, cells)| cells));
        let differs = tables.iter().zip(expected).any(|(table, expected)| !differences(expected, table).is_empty());
        differs.then(|| "another answer".to_owned())
    }

    /// Returns what verification says of the answer that `sql` gives, if it says anything.
    pub(super) fn complaint(&self, sql: &str, engine: &mut dyn Engine) -> Option<String> {
        if !self.together.is_empty() {
            return self.complaint_together(sql, engine);
        }
        let (fields, reference) = match self.output {
            Output::Cells => (contract(&self.plan, &self.request), &self.reference.cells),
            Output::Ledger => (ledger_contract(), &self.reference.ledger),
        };
        match engine.query(sql, &fields) {
            Err(error) => Some(error.to_string()),
            Ok(answer) => (!differences(reference, &answer).is_empty()).then(|| "another answer".to_owned()),
        }
    }
}

/// An engine that holds all tables.
pub(super) struct Judge {
    /// Its dialect.
    pub(super) dialect: Dialect,
    /// The engine.
    pub(super) engine: Box<dyn Engine>,
}

impl Judge {
    /// Tells whether the dialect's queries may come from this template.
    pub(super) fn reads(&self, template: &str) -> bool {
        !template.starts_with("dialects/") || template.contains(self.dialect.name)
    }
}

/// All questions, and the tables that they are asked of.
#[derive(Default)]
pub(super) struct Questions {
    /// The questions.
    pub(super) all: Vec<Question>,
    tables: Vec<(String, Table)>,
}

impl Questions {
    /// Gathers the questions, and proves that whole templates answer each as the interpreter does.
    pub(super) fn gather() -> Self {
        let mut questions = Self::default();
        PROJECTS.iter().for_each(|project| questions.add_project(project));
        for seed in 0..WORLDS {
            let (world, mut dice) = some_world(seed);
            for _ in 0..PLANS {
                let (pipeline, request) = some_question(&world, &mut dice);
                let (plan, request, _) = asked(pipeline, &request);
                questions.add((&plan, &HEADER), &world.tables(), &request);
            }
        }
        let contacts = BTreeMap::from([("contacts".to_owned(), super::plans::rows())]);
        for (plan, request) in super::plans::asked() {
            questions.add((&plan, &HEADER), &contacts, &request);
        }
        for (plans, request) in super::plans::together() {
            questions.add_together(&plans, &contacts, &request);
        }
        for Judge { dialect, mut engine } in questions.judges() {
            let marked = marked();
            let marked = Templates::read(&dialect, &marked).expect("marks are comments");
            for question in &mut questions.all {
                let sql = question.sql(embedded(&dialect)).expect("renders");
                assert_eq!(question.complaint(&sql, engine.as_mut()), None, "{sql}");
                question.whole.insert(dialect.name, sql);
                let sql = question.sql(&marked).expect("renders");
                let used = TEMPLATES.iter().map(|(name, _)| name.as_str()).filter(|name| sql.contains(&mark(name)));
                question.uses.insert(dialect.name, used.collect());
            }
        }
        questions
    }

    /// Returns the questions whose queries come from this template, among others.
    pub(super) fn that_use(&self, dialect: &Dialect, template: &str) -> Vec<usize> {
        // Of macros nothing is written but what they are called for, so that no mark tells who uses their file.
        let is_of_macros = template.starts_with("dialects/") || template == "query.sql.j2";
        let uses = |number: &usize| is_of_macros || self.all[*number].uses[dialect.name].contains(template);
        (0..self.all.len()).filter(uses).collect()
    }

    /// Opens the engines at hand, each with all tables; the lines of a dialect whose engine is not are not tried.
    pub(super) fn judges(&self) -> Vec<Judge> {
        let mut judges = Vec::new();
        // Those that need no server; the others are asked in the run for conformance.
        for entry in ENGINES.iter().filter(|entry| !entry.is_server) {
            let dialect = Dialect::find(entry.dialect).expect("every engine has its dialect");
            match (entry.open)() {
                Ok(mut engine) => {
                    for (name, table) in &self.tables {
                        engine.load(name, table).expect(name);
                    }
                    judges.push(Judge { dialect, engine });
                }
                Err(EngineError::Unavailable { .. }) if !entry.is_required() => {
                    // Not a macro: the test runner would keep what they print from a test that passes.
                    let _ = writeln!(std::io::stderr(), "skipped: the template lines of {}", entry.name);
                }
                Err(error) => panic!("{}: {error}", entry.name),
            }
        }
        judges
    }

    /// Adds every case of a project.
    fn add_project(&mut self, project: &str) {
        let mut loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
        let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
        let catalog = catalog::build(&loaded, &mut diagnostics);
        for (_, case) in &catalog.registry.cases {
            let prepared = verify::prepare(case, &catalog, &loaded.texts, &mut diagnostics).expect(&case.name.value);
            for expectation in &prepared.expectations {
                let name = full_name(&case.metric.value, expectation.variant.as_deref());
                let (_, reading) = catalog.reading(&name).expect(&name);
                let plan = &catalog.plans[&name];
                self.add((plan, &compute::header(reading, plan)), &prepared.tables, &prepared.request);
            }
        }
        assert!(!diagnostics.has_errors(), "{project}: {diagnostics:?}");
    }

    /// Adds the question for the cells of several plans, which one query answers.
    fn add_together(&mut self, plans: &[Plan], tables: &BTreeMap<String, Table>, request: &Request) {
        let number = self.all.len();
        let cells = |plan: &Plan| by_interpreter(plan, tables, request).expect("the interpreter answers");
        self.tables.extend(tables.iter().map(|(source, table)| (table_of(source, number), table.clone())));
        let own = |plan: &Plan| {
            let mut own = plan.clone();
            rename_tables(&mut own, number);
            own
        };
        let shapes: Vec<String> = plans.iter().map(|plan| shape(plan, request, Output::Cells)).collect();
        self.all.push(Question {
            plan: own(&plans[0]),
            header: HEADER.clone(),
            request: request.clone(),
            output: Output::Cells,
            reference: cells(&plans[0]),
            together: plans[1..].iter().map(|plan| (own(plan), cells(plan).cells)).collect(),
            shape: shapes.join(" and "),
            whole: BTreeMap::new(),
            uses: BTreeMap::new(),
        });
    }

    /// Adds the questions for the cells and the ledger of a plan, over tables with names of their own.
    fn add(&mut self, (plan, header): (&Plan, &Header), tables: &BTreeMap<String, Table>, request: &Request) {
        let number = self.all.len();
        let reference = by_interpreter(plan, tables, request).expect("the interpreter answers");
        let is_measured = matches!(plan.body, Body::Measured(_));
        self.tables.extend(tables.iter().map(|(source, table)| (table_of(source, number), table.clone())));
        let mut own = plan.clone();
        rename_tables(&mut own, number);
        for output in [Output::Cells, Output::Ledger] {
            if output == Output::Ledger && !is_measured {
                continue;
            }
            self.all.push(Question {
                plan: own.clone(),
                header: header.clone(),
                request: request.clone(),
                output,
                reference: reference.clone(),
                together: Vec::new(),
                shape: shape(plan, request, output),
                whole: BTreeMap::new(),
                uses: BTreeMap::new(),
            });
        }
    }
}

/// Returns the templates of steps and results, each marked by a comment at its head.
fn marked() -> Vec<(String, String)> {
    let text = |name: &str, text: &str| {
        if name.starts_with("dialects/") { text.to_owned() } else { format!("{}{text}", mark(name)) }
    };
    TEMPLATES.iter().map(|(name, whole)| (name.clone(), text(name, whole))).collect()
}

fn mark(template: &str) -> String {
    format!("/* {template} */")
}

fn shape(plan: &Plan, request: &Request, output: Output) -> String {
    let Request { grain, by, from, to, .. } = request;
    format!("{} {} {grain} {by:?} {from:?} {to:?} {output:?}", plan.metric, plan.fingerprint())
}

fn table_of(source: &str, number: usize) -> String {
    format!("{source}_{number}")
}

fn rename_tables(plan: &mut Plan, number: usize) {
    if let Body::Measured(pipeline) = &mut plan.body {
        for scan in pipeline.scans_mut() {
            scan.table = table_of(&scan.source, number);
        }
    }
    plan.body.parts_mut().into_iter().for_each(|part| rename_tables(part, number));
}
