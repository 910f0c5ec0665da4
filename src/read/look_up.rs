//! Fields that other files have, found by the texts of a row.
//!
//! Compares texts as they are, instants as ISO 8601. Knows no column.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use crate::source::{LookUp, Take};

use super::header::{Header, Meant};
use super::layout::Sheet;
use super::moment::Moment;
use super::problem::{Problem, Problems, ReadError, shown};
use super::rows::Row;

/// What a field that is looked up by is for.
const MATCHES: &str = "a field of another file is looked up by";

/// What a look-up found, by the texts it is looked up by.
#[derive(Debug)]
pub struct LookedUp<'a> {
    look_up: &'a LookUp,
    found: HashMap<Vec<String>, Found>,
}

/// What was taken for one key.
#[derive(Debug)]
struct Found {
    text: String,
    line: usize,
    moment: Option<Moment>,
    rows: usize,
}

/// Returns the fields that the look-up reads of its file.
pub(super) fn needed(look_up: &LookUp) -> BTreeSet<&str> {
    let kept = look_up.keep.iter().chain(&look_up.drop).map(|(field, _)| field.as_str());
    look_up.same.iter().map(|(_, other)| other.as_str()).chain(kept).chain(look_up.take.field()).collect()
}

impl<'a> LookedUp<'a> {
    /// Reads the rows of the other file.
    pub(super) fn of(
        look_up: &'a LookUp,
        sheet: Sheet<impl Iterator<Item = Result<Row, Problem>>>,
    ) -> Result<Self, ReadError> {
        let mut problems = Problems::default();
        let places = Places::of(look_up, &sheet.header, &mut problems);
        if let Some(seen) = &sheet.seen {
            Places::of(look_up, seen, &mut problems);
        }
        problems.or(())?;
        let mut problems = Problems::default();
        let mut found = HashMap::new();
        for row in sheet.rows {
            let entered = row.and_then(|row| {
                if row.cells.len() != sheet.header.names.len() {
                    return Err(row.misfit(sheet.header.names.len()));
                }
                places.enter(&row, &look_up.take, &mut found)
            });
            entered.unwrap_or_else(|problem| problems.push(problem));
        }
        problems.or(Self { look_up, found })
    }

    /// Adds the field to a header and finds the fields it is looked up by among those before it.
    pub(super) fn bind(&'a self, header: &mut Header, problems: &mut Problems) -> Bound<'a> {
        let name = &self.look_up.name.value;
        let own = self.look_up.same.iter().map(|(own, _)| header.place(own, MATCHES, problems)).collect();
        if header.names.contains(name) {
            let message = format!("the file has a field `{}` of its own, which hides the one looked up", shown(name));
            problems.push(Problem::of_file(message).with_help("give the field that is looked up another name"));
        }
        header.names.push(name.clone());
        Bound { looked_up: self, own }
    }
}

/// Where the fields of the other file are.
struct Places<'a> {
    key: Vec<usize>,
    meant: Meant<'a>,
    taken: Option<usize>,
}

impl<'a> Places<'a> {
    fn of(look_up: &'a LookUp, header: &Header, problems: &mut Problems) -> Self {
        let key = look_up.same.iter().map(|(_, other)| header.place(other, MATCHES, problems)).collect();
        let taken = look_up.take.field().map(|field| header.place(field, "is looked up", problems));
        Places { key, meant: header.meant(&look_up.keep, &look_up.drop, problems), taken }
    }

    fn enter(&self, row: &Row, take: &Take, found: &mut HashMap<Vec<String>, Found>) -> Result<(), Problem> {
        let Some(key) = key(&row.cells, &self.key).filter(|_| self.meant.has(&row.cells)) else { return Ok(()) };
        let text = match self.taken {
            Some(place) => match present(&row.cells, place) {
                Some(text) => text.to_owned(),
                None => return Ok(()),
            },
            None => String::new(),
        };
        let moment = match take {
            Take::Earliest(field) | Take::Latest(field) => Some(moment(&text, field, row.line)?),
            Take::One(_) | Take::Count => None,
        };
        let new = Found { text, line: row.line, moment, rows: 1 };
        match found.get_mut(&key) {
            None => {
                found.insert(key, new);
            }
            Some(known) => known.join(new, take)?,
        }
        Ok(())
    }
}

impl Found {
    fn join(&mut self, new: Found, take: &Take) -> Result<(), Problem> {
        self.rows += 1;
        let replaced = match take {
            Take::Count => false,
            Take::One(field) if self.text != new.text => {
                let (field, texts) = (shown(field), (shown(&self.text), shown(&new.text)));
                let message =
                    format!("`{field}` is `{}`, but `{}` at line {} for the same row", texts.1, texts.0, self.line);
                return Err(Problem::of_row(new.line, message)
                    .with_help("say with `keep` which rows are meant, or take the earliest or latest instant"));
            }
            Take::One(_) => false,
            Take::Earliest(_) => new.against(self)? == Ordering::Less,
            Take::Latest(_) => new.against(self)? == Ordering::Greater,
        };
        if replaced {
            *self = Found { rows: self.rows, ..new };
        }
        Ok(())
    }

    fn against(&self, known: &Found) -> Result<Ordering, Problem> {
        match (&self.moment, &known.moment) {
            (Some(Moment::Fixed(new)), Some(Moment::Fixed(known))) => Ok(new.cmp(known)),
            (Some(Moment::Wall(new)), Some(Moment::Wall(known))) => Ok(new.cmp(known)),
            _ => {
                let message = format!("of `{}` and `{}` only one has an offset", shown(&self.text), shown(&known.text));
                Err(Problem::of_row(self.line, message).with_help("write all instants of a field in one way"))
            }
        }
    }
}

fn moment(text: &str, field: &str, line: usize) -> Result<Moment, Problem> {
    Moment::iso(text.trim_matches([' ', '\t'])).ok_or_else(|| {
        let message =
            format!("`{}` in `{}` is not an instant such as `2026-05-01T09:00:00Z`", shown(text), shown(field));
        Problem::of_row(line, message).with_help("earliest and latest are told of ISO 8601 instants only")
    })
}

/// A look-up whose own fields are found.
pub(super) struct Bound<'a> {
    looked_up: &'a LookedUp<'a>,
    own: Vec<usize>,
}

impl Bound<'_> {
    /// Returns the field's text for a row.
    pub(super) fn text(&self, cells: &[Option<String>]) -> Option<String> {
        let found = key(cells, &self.own).and_then(|key| self.looked_up.found.get(&key));
        match self.looked_up.look_up.take {
            Take::Count => Some(found.map_or(0, |found| found.rows).to_string()),
            _ => found.map(|found| found.text.clone()),
        }
    }
}

/// Returns the texts at these places; `None` where one of them is null.
fn key(cells: &[Option<String>], places: &[usize]) -> Option<Vec<String>> {
    places.iter().map(|place| present(cells, *place).map(str::to_owned)).collect()
}

fn present(cells: &[Option<String>], place: usize) -> Option<&str> {
    cells.get(place)?.as_deref().filter(|text| !text.is_empty())
}
