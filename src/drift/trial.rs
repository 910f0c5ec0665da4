//! Two queries over the same tables: those of a metric's cases, and others made for its plan, until they differ.
//!
//! Runs on an engine of the dialect. Knows no form and no stamp.

use sqlparser::tokenizer::Token;

use super::statement;
use super::template::KEPT;
use crate::catalog::Catalog;
use crate::compare::{Difference, differences};
use crate::engine::{Engine, EngineError};
use crate::interpret::Tables;
use crate::plan::Plan;
use crate::sql::{Dialect, KNOWN, Spelling};
use crate::table::{Field, Table};
use crate::value::{Instant, Type};
use crate::witness::{Made, Seed};

/// The smallest tables found on which two queries differ.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The rows of every source.
    pub tables: Tables,
    /// The moment of knowledge; `None` where each query took it from the tables.
    pub as_of: Option<Instant>,
    /// What the approved query answers.
    pub approved: Table,
    /// What the deployed query answers, or why it does not.
    pub deployed: Result<Table, String>,
    /// Where the answers differ.
    pub differences: Vec<Difference>,
}

/// How a trial ended.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// The queries gave the same rows over the tables of so many cases, and over so many others.
    Equal {
        /// Cases.
        cases: usize,
        /// Tables made at random.
        made: usize,
    },
    /// They differ.
    Differs(Box<Witness>),
    /// Nothing could be asked, for this reason.
    Untried(String),
}

/// Two queries, and what they are asked over.
pub(super) struct Trial<'a> {
    /// Everything that is defined.
    pub(super) catalog: &'a Catalog,
    /// The plan behind the approved query.
    pub(super) plan: &'a Plan,
    /// The dialect of both.
    pub(super) dialect: Dialect,
    /// The columns of the approved query.
    pub(super) fields: &'a [Field],
    /// The approved query.
    pub(super) approved: &'a [Token],
    /// The deployed query.
    pub(super) deployed: &'a [Token],
}

/// What came of asking both queries.
enum Answer {
    /// The approved query has none over these tables.
    Nothing,
    /// They gave the same rows.
    Same,
    /// They did not.
    Other(Box<Witness>),
}

impl Trial<'_> {
    /// Asks both until they differ, or so many tables have been tried besides those of the cases.
    ///
    /// # Errors
    /// When the server cannot go on.
    pub(super) fn run(&self, seeds: &[Seed], tries: usize, engine: &mut dyn Engine) -> Result<Outcome, EngineError> {
        let mut made = match Made::of(self.catalog, self.plan, seeds) {
            Ok(made) => made,
            Err(reason) => return Ok(Outcome::Untried(reason)),
        };
        let (mut cases, mut others) = (0, 0);
        for place in 0..seeds.len() + tries {
            let (answer, count) = match seeds.get(place) {
                Some(seed) => (self.ask((&seed.tables, seed.request.as_of), engine)?, &mut cases),
                None => {
                    let (tables, request) = made.more();
                    (self.ask((&tables, request.as_of), engine)?, &mut others)
                }
            };
            match answer {
                Answer::Nothing => {}
                Answer::Same => *count += 1,
                Answer::Other(witness) => {
                    return Ok(Outcome::Differs(Box::new(self.smallest(*witness, &made, engine)?)));
                }
            }
        }
        Ok(match cases + others {
            0 => Outcome::Untried("the approved query could be asked over no table".to_owned()),
            _ => Outcome::Equal { cases, made: others },
        })
    }

    /// Asks both queries.
    fn ask(&self, (tables, as_of): (&Tables, Instant), engine: &mut dyn Engine) -> Result<Answer, EngineError> {
        let is_whole = self.plan.sources().into_iter().all(|source| tables.contains_key(source));
        if !is_whole || heard(self.load(tables, engine))?.is_err() {
            return Ok(Answer::Nothing);
        }
        let (approved, deployed, as_of) = self.queries(as_of, engine);
        let Ok(approved) = heard(engine.query(&approved, self.fields))? else { return Ok(Answer::Nothing) };
        let (approved, deployed) = (sorted(approved), heard(engine.query(&deployed, self.fields))?.map(sorted));
        let differing = deployed.as_ref().map(|deployed| differences(&approved, deployed)).unwrap_or_default();
        if deployed.is_ok() && differing.is_empty() {
            return Ok(Answer::Same);
        }
        let witness = Witness { tables: tables.clone(), as_of, approved, deployed, differences: differing };
        Ok(Answer::Other(Box::new(witness)))
    }

    fn load(&self, tables: &Tables, engine: &mut dyn Engine) -> Result<(), EngineError> {
        engine.clear()?;
        for (source, table) in self.plan.sources().into_iter().filter_map(|source| tables.get_key_value(source)) {
            engine.load(source, table)?;
        }
        engine.load(KEPT, &Table::new(self.fields.to_vec()))
    }

    /// Returns the texts of both queries as of a moment. Where they find it out alike it is put in its place; where they do
    /// not, that is what is looked at.
    fn queries(&self, as_of: Instant, engine: &mut dyn Engine) -> (String, String, Option<Instant>) {
        let own = || (statement::text(self.approved), statement::text(self.deployed), None);
        let (Some(ours), Some(theirs)) = (knowledge(self.approved), knowledge(self.deployed)) else { return own() };
        if !self.is_alike((&self.approved[ours.clone()], &self.deployed[theirs.clone()]), engine) {
            return own();
        }
        let Ok(literal) = Spelling::of(&self.dialect).instant(as_of) else { return own() };
        let put = |tokens: &[Token], place: std::ops::Range<usize>| {
            let (before, after) = (statement::text(&tokens[..place.start]), statement::text(&tokens[place.end..]));
            format!("{before}select {literal} as as_of{after}")
        };
        (put(self.approved, ours), put(self.deployed, theirs), Some(as_of))
    }

    /// Tells whether two ways of finding out the moment are one: by their words, or by what they find in the tables.
    fn is_alike(&self, (ours, theirs): (&[Token], &[Token]), engine: &mut dyn Engine) -> bool {
        let read = |tokens: &[Token]| statement::normal(tokens, self.dialect);
        if read(ours).is_ok_and(|one| read(theirs).is_ok_and(|other| one == other)) {
            return true;
        }
        let fields = [Field::new(KNOWN, Type::Instant)];
        let mut found = |tokens: &[Token]| engine.query(&statement::text(tokens), &fields).ok();
        let (one, other) = (found(ours), found(theirs));
        one.is_some() && one == other
    }

    /// Takes rows away as long as the queries differ.
    fn smallest(&self, witness: Witness, made: &Made<'_>, engine: &mut dyn Engine) -> Result<Witness, EngineError> {
        // Of a case that itself is not what the sources promise, every part is as good.
        let keeps = made.allows(&witness.tables);
        let mut smallest = witness;
        let mut is_smaller = true;
        while is_smaller {
            is_smaller = false;
            for (source, row) in rows(&smallest.tables) {
                let mut fewer = smallest.tables.clone();
                let Some(table) = fewer.get_mut(&source).filter(|table| row < table.rows.len()) else { continue };
                table.rows.remove(row);
                if keeps && !made.allows(&fewer) {
                    continue;
                }
                let as_of = smallest.as_of.unwrap_or(Instant::from_micros(0));
                if let Answer::Other(found) = self.ask((&fewer, as_of), engine)?
                    && found.deployed.is_ok() == smallest.deployed.is_ok()
                {
                    (smallest, is_smaller) = (*found, true);
                }
            }
        }
        Ok(smallest)
    }
}

/// Returns the rows of tables, the last of each first, so that the places of others stay when one goes.
fn rows(tables: &Tables) -> Vec<(String, usize)> {
    let of = |(source, table): (&String, &Table)| {
        let source = source.clone();
        (0..table.rows.len()).rev().map(move |row| (source.clone(), row)).collect::<Vec<_>>()
    };
    tables.iter().flat_map(of).collect()
}

/// Parts what an engine refuses, as a text, from a server that cannot go on.
fn heard<T>(answer: Result<T, EngineError>) -> Result<Result<T, String>, EngineError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(down @ EngineError::Down { .. }) => Err(down),
        Err(refused) => Ok(Err(refused.to_string())),
    }
}

/// Returns where the query of the moment of knowledge stands between its parentheses.
fn knowledge(tokens: &[Token]) -> Option<std::ops::Range<usize>> {
    let is_name = |token: &Token| matches!(token, Token::Word(word) if word.value.eq_ignore_ascii_case("knowledge"));
    let name = tokens.iter().position(is_name)?;
    let open = name + tokens[name..].iter().position(|token| *token == Token::LParen)?;
    let mut depth = 0_i32;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + 1..place);
        }
    }
    None
}

/// Returns a table with its rows in an order of their own: a view promises none.
fn sorted(mut table: Table) -> Table {
    table.rows.sort_by_cached_key(|row| format!("{row:?}"));
    table
}
