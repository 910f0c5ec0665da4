//! Every line of every SQL template is needed: taken out, some question is answered otherwise than by the interpreter.
//!
//! The questions are the cases of the projects that ship, and plans built by hand. Lines of comments alone are left
//! out. A line that only words the text around the answer is on a list, with the reason.

mod plans;
mod questions;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

use crate::sql::templates::{Templates, texts};
use questions::{Judge, Questions};

/// Every template's name and text.
static TEMPLATES: LazyLock<Vec<(String, &str)>> = LazyLock::new(texts);

/// Lines whose absence changes no answer: file, line without its indentation, reason.
const WITHOUT_EFFECT: [(&str, &str, &str); 14] = [
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
    ("query.sql.j2", "{{ sql.closing() -}}", "ends no query in the dialects of the engines tried here"),
    (
        "steps/publish.sql.j2",
        "when value is null then {{ sql.nothing(step.real) }}",
        "spares an engine a division by zero; those tried here take it for null",
    ),
    (
        "steps/publish.sql.j2",
        "when value = 0 then {{ sql.real(step.zero) }}",
        "makes the bound exact, where the engines tried here come within a rounding of it",
    ),
    (
        "steps/publish.sql.j2",
        "when value = 1 then {{ sql.real(step.one) }}",
        "makes the bound exact, where the engines tried here come within a rounding of it",
    ),
    (
        "steps/fates.sql.j2",
        "{{ sql.matched_sides(step.anchor, start) -}}",
        "says what a join demands of its sides by itself in the dialects of the engines tried here",
    ),
    (
        "steps/ranked_groups.sql.j2",
        "order by operand",
        "numbers equal rows, whichever comes first; some engines number none without an order",
    ),
    (
        "steps/in_order.sql.j2",
        "where {{ step.where }}",
        "spares engines the order of rows that are neither counted nor events",
    ),
    ("results/ledger.sql.j2", "order by fate_names.place", "promises the order that grouping happens to give"),
    (
        "steps/locate.sql.j2",
        "period_start,",
        "the contract of `period` grants it; only hours read it, and nothing is averaged over hours",
    ),
    ("steps/clock_swept.sql.j2", "order by {{ moment | ident }}", "promises the order that grouping happens to give"),
    (
        "steps/clock_swept.sql.j2",
        "rows between unbounded preceding and current row",
        "spares engines the search for rows of the same moment, of which there are none",
    ),
];

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

/// One line of one template.
struct Line {
    /// The template's position among all.
    template: usize,
    /// The line, from 0.
    number: usize,
}

impl Line {
    fn name(&self) -> &'static str {
        &TEMPLATES[self.template].0
    }

    fn text(&self) -> &'static str {
        TEMPLATES[self.template].1.lines().nth(self.number).unwrap_or_default().trim()
    }

    fn is_without_effect(&self) -> bool {
        WITHOUT_EFFECT.iter().any(|(file, known, _)| *file == self.name() && *known == self.text())
    }
}

/// The questions that use a template, the one that told of a missing line last before the others.
type Order = BTreeMap<(&'static str, usize), Vec<usize>>;

/// Tells whether some question is answered otherwise without the line than it should be.
fn is_noticed(line: &Line, judge: &mut Judge, questions: &Questions, order: &mut Order) -> bool {
    let changed = without_line(TEMPLATES[line.template].1, line.number);
    let mut texts = TEMPLATES.clone();
    texts[line.template].1 = &changed;
    let Ok(templates) = Templates::read(&judge.dialect, &texts) else { return true };
    let users = || questions.that_use(&judge.dialect, line.name());
    let order = order.entry((judge.dialect.name, line.template)).or_insert_with(users);
    let mut same_shape: BTreeMap<&str, bool> = BTreeMap::new();
    for place in 0..order.len() {
        let question = &questions.all[order[place]];
        if same_shape.get(question.shape.as_str()) == Some(&true) {
            continue;
        }
        let noticed = match question.sql(&templates) {
            Err(_) => true,
            Ok(sql) => {
                let unchanged = sql == question.whole[judge.dialect.name];
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
fn unnoticed(lines: &[Line], questions: &Questions) -> Vec<String> {
    let (survivors, next) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let judge_some = || {
        let mut judges = questions.judges();
        let mut order = Order::new();
        while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
            let own = |judge: &&mut Judge| judge.reads(line.name());
            if !judges.iter_mut().filter(own).any(|judge| is_noticed(line, judge, questions, &mut order)) {
                let survivor = format!("templates/{}:{}: {}", line.name(), line.number + 1, line.text());
                survivors.lock().expect("whole").push(survivor);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(judge_some);
        }
    });
    let mut survivors = survivors.into_inner().expect("whole");
    survivors.sort_unstable();
    survivors
}

#[test]
fn without_any_one_line_of_a_template_some_question_is_answered_otherwise() {
    let questions = Questions::gather();
    let judges = questions.judges();
    let mut lines: Vec<Line> = Vec::new();
    for (template, (name, text)) in TEMPLATES.iter().enumerate() {
        if judges.iter().any(|judge| judge.reads(name)) {
            lines.extend(lines_that_say_something(text).into_iter().map(|number| Line { template, number }));
        }
    }
    lines.retain(|line| !line.is_without_effect());
    drop(judges);
    let survivors = unnoticed(&lines, &questions);
    assert!(lines.len() > 500, "the lines are read");
    assert!(survivors.is_empty(), "{} of {} lines:\n{}", survivors.len(), lines.len(), survivors.join("\n"));
}

#[test]
fn every_line_said_to_be_without_effect_is_still_there() {
    for (file, line, _) in WITHOUT_EFFECT {
        let template = TEMPLATES.iter().find(|(name, _)| name == file).expect(file);
        assert!(template.1.lines().filter(|known| known.trim() == line).count() > 0, "{file}: {line}");
    }
}
