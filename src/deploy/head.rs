//! What a deployed file says of itself before it begins, for people and for programs.

use super::settings::{Moment, Settings};
use super::subject::Subject;
use crate::sql::Spelling;
use crate::value::Grain;

/// The longest line of a comment.
const WIDTH: usize = 110;

/// Writes the head of a file of SQL: the metric, the question, for how long the answer is good, remarks, the stamp.
pub(super) fn head(subject: &Subject<'_>, settings: &Settings, part: &str, remarks: &[String]) -> String {
    let told: String = remarks.iter().map(|what| remark(what)).collect();
    comments(subject, settings, part) + &told
}

/// Writes what a file of SQL says in comments of every metric.
pub(super) fn comments(subject: &Subject<'_>, settings: &Settings, part: &str) -> String {
    let lines = [
        format!("{} {}: {}", subject.name, subject.plan.version, subject.reading.title),
        subject.reading.statement.trim_end().to_owned(),
        question(settings),
        "Written by `etalon compile`: change the definition, not this file.".to_owned(),
    ];
    let text: String = lines.iter().map(|line| remark(line)).collect();
    format!("{text}-- {}\n", subject.stamp(settings, part).write())
}

/// Writes a remark as a comment of SQL.
pub(super) fn remark(what: &str) -> String {
    let mut text = String::new();
    let mut line = "--".to_owned();
    for word in Spelling::comment(what).split(' ') {
        if line.chars().count() + word.chars().count() >= WIDTH {
            text.push_str(&format!("{line}\n"));
            line = "--".to_owned();
        }
        line.push_str(&format!(" {word}"));
    }
    format!("{text}{line}\n")
}

/// Says what is asked, and when the answer is good.
pub(super) fn question(settings: &Settings) -> String {
    let grain = match settings.grain {
        Grain::All => "Over all periods".to_owned(),
        grain => format!("By {grain}"),
    };
    let by = if settings.by.is_empty() { String::new() } else { format!(" and {}", settings.by.join(", ")) };
    let moment = match settings.as_of {
        Moment::Data => "as of the moment through which its sources are complete".to_owned(),
        Moment::Now => "as of the time of the query".to_owned(),
        Moment::At(at) => format!("as of {at}"),
    };
    let from = settings.from.map(|from| format!(", from {from}")).unwrap_or_default();
    format!("{grain}{by}{from}; {moment}. Good until {}, without rows from then on.", settings.until)
}
