//! A metric as statements of SQL: a query, a view, a table, a table that is brought up to date in part.
//!
//! Each script can be run again: it replaces what it has made before.

use super::dialect::Words;
use super::files::{File, Files};
use super::head::head;
use super::movement::movement;
use super::query::{Refusal, standing};
use super::settings::{Form, Settings};
use super::stamp::sealed;
use super::subject::Subject;
use crate::sql::{Anew, Spelling, StandingQuery, Target};
use crate::value::{Duration, Grain};

/// The script of a form.
const PART: &str = "sql";
/// The script that makes the table which another brings up to date.
const FULL: &str = "full";

/// Writes the files of a metric in a form of SQL.
///
/// # Errors
/// When the metric is not deployed so.
pub(super) fn files(subject: &Subject<'_>, settings: &Settings) -> Result<Files, Refusal> {
    let object = subject.object(settings);
    let path = format!("{object}.sql");
    let one = |text: String| Files { files: vec![File { path: path.clone(), part: PART, text }], remarks: Vec::new() };
    match settings.form {
        Form::Query => {
            let query = whole(subject, settings)?;
            Ok(one(sealed(&format!("{}{}", head(subject, settings, PART, &[]), query.text))))
        }
        Form::View => Ok(one(view(subject, settings)?)),
        Form::Table => Ok(one(table(subject, settings, PART, &[])?)),
        _ => incremental(subject, settings),
    }
}

fn whole(subject: &Subject<'_>, settings: &Settings) -> Result<StandingQuery, Refusal> {
    standing((subject.plan, subject.registry), settings, None)
}

fn view(subject: &Subject<'_>, settings: &Settings) -> Result<String, Refusal> {
    let (words, spelling) = (Words::of(&settings.dialect), Spelling::of(&settings.dialect));
    let name = spelling.table(&subject.full_object(settings))?;
    let query = whole(subject, settings)?;
    let stamp = subject.stamp(settings, PART).write();
    let mut text = head(subject, settings, PART, &[]);
    if words.replaces_views {
        text.push_str(&format!("create or replace view {name} as\n"));
    } else {
        text.push_str(&format!("drop view if exists {name};\n\ncreate view {name} as\n"));
    }
    if words.keeps_text {
        // What stands before the statement is not in the catalogue.
        text.push_str(&format!("-- {stamp}\n"));
    }
    text.push_str(&format!("{};\n", query.unordered().trim_end()));
    if words.comments {
        text.push_str(&format!("\ncomment on view {name} is {};\n", spelling.text(&stamp)?));
    }
    Ok(sealed(&text))
}

fn table(subject: &Subject<'_>, settings: &Settings, part: &str, remarks: &[String]) -> Result<String, Refusal> {
    let (words, spelling) = (Words::of(&settings.dialect), Spelling::of(&settings.dialect));
    let name = spelling.table(&subject.full_object(settings))?;
    let query = whole(subject, settings)?;
    let mut statements = vec![
        format!("drop table if exists {name};"),
        format!("create table {name} as\n{};", query.unordered().trim_end()),
    ];
    if words.comments {
        let stamp = subject.stamp(settings, part).write();
        statements.push(format!("comment on table {name} is {};", spelling.text(&stamp)?));
    }
    Ok(sealed(&format!("{}{}", head(subject, settings, part, remarks), together(&words, &statements))))
}

/// How a table is brought up to date.
pub(super) enum Upkeep {
    /// The periods that can still move are written anew.
    Part {
        /// How long before the last moment of knowledge a period must have ended to stay.
        look_back: Duration,
        /// Says so.
        remarks: Vec<String>,
    },
    /// Everything is, for these reasons.
    Whole(Vec<String>),
}

/// Tells how a table of the metric is brought up to date.
///
/// # Errors
/// When the settings do not say for how long rows change.
pub(super) fn upkeep(subject: &Subject<'_>, settings: &Settings) -> Result<Upkeep, Refusal> {
    let Some(settles) = settings.settles else {
        return Err(Refusal(
            "say with `--settles` for how long after its instant a row may still arrive or change, such as 3d"
                .to_owned(),
        ));
    };
    if settings.grain == Grain::All {
        return Ok(Upkeep::Whole(vec!["there is only one period".to_owned()]));
    }
    match movement(subject.plan) {
        Ok(movement) => {
            let look_back = Duration::from_micros(movement.look_back.micros().saturating_add(settles.micros()));
            let mut remarks = vec![format!(
                "Written anew: periods that ended less than {look_back} before the last moment of knowledge."
            )];
            let because = movement.because.iter().map(|what| format!("{what}, and "));
            let because: String = because.collect();
            remarks.push(format!("That is: {because}rows may arrive or change for {settles}."));
            Ok(Upkeep::Part { look_back, remarks })
        }
        Err(unbounded) => Ok(Upkeep::Whole(unbounded.into_iter().collect())),
    }
}

fn incremental(subject: &Subject<'_>, settings: &Settings) -> Result<Files, Refusal> {
    let object = subject.object(settings);
    let (look_back, remarks) = match upkeep(subject, settings)? {
        Upkeep::Part { look_back, remarks } => (look_back, remarks),
        Upkeep::Whole(reasons) => {
            let remarks = vec![format!("Written anew as a whole by each run: {}.", reasons.join("; "))];
            let text = table(subject, settings, PART, &remarks)?;
            return Ok(Files { files: vec![File { path: format!("{object}.sql"), part: PART, text }], remarks });
        }
    };
    let (words, spelling) = (Words::of(&settings.dialect), Spelling::of(&settings.dialect));
    let full = subject.full_object(settings);
    let name = spelling.table(&full)?;
    let anew = Anew { table: Target::Named(&full), look_back };
    let query = standing((subject.plan, subject.registry), settings, Some(anew))?;
    let columns: Result<Vec<String>, _> = query.fields.iter().map(|field| spelling.column(&field.name)).collect();
    let statements = [
        format!("{};", query.clear.clone().unwrap_or_default()),
        format!("insert into {name} (\n    {}\n)\n{};", columns?.join(",\n    "), query.unordered().trim_end()),
    ];
    let first = format!("`{object}.full.sql` makes the table, once and whenever the version changes.");
    let told: Vec<String> = remarks.iter().cloned().chain([first]).collect();
    let text = sealed(&format!("{}{}", head(subject, settings, PART, &told), together(&words, &statements)));
    let made = vec![format!("Makes the table that `{object}.sql` brings up to date.")];
    let full = table(subject, settings, FULL, &made)?;
    let files = vec![
        File { path: format!("{object}.full.sql"), part: FULL, text: full },
        File { path: format!("{object}.sql"), part: PART, text },
    ];
    Ok(Files { files, remarks: Vec::new() })
}

/// Writes statements that take effect together.
fn together(words: &Words, statements: &[String]) -> String {
    let statements = statements.join("\n\n");
    match words.bracket {
        Some((begin, end)) => format!("{begin};\n\n{statements}\n\n{end};\n"),
        None => format!("{statements}\n"),
    }
}
