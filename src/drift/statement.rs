//! SQL as a parser understands it: without comments and format, with one spelling of names, without needless parentheses.
//!
//! Knows no metric. What the parser does not understand is told.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use sqlparser::ast::Statement;
use sqlparser::dialect::{self, Dialect as Reader, GenericDialect, MySqlDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, Tokenizer, Word};

use crate::sql::Dialect;

/// The stack that reading a query may need, in bytes.
const STACK: usize = 256 << 20;

/// The characters of a line that are told as a whole.
const LONGEST: usize = 160;

/// The statements of a script that decide what is in the deployed object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Script {
    /// The query whose rows are stored or shown.
    pub query: Vec<Token>,
    /// What is removed before, where a part is written anew.
    pub clear: Option<Vec<Token>>,
}

/// Reads a script: a query alone, or the statements that make a view or a table of one.
///
/// # Errors
/// When it is no SQL, or has no query or several.
pub fn script(text: &str, dialect: Dialect) -> Result<Script, String> {
    let reader = reader(dialect);
    // Texts stay as they are written, so that they can be written again.
    let mut tokenizer = Tokenizer::new(reader.as_ref(), text).with_unescape(false);
    let tokens = tokenizer.tokenize().map_err(|error| error.to_string())?;
    let mut found = Script::default();
    for statement in tokens.split(|token| *token == Token::SemiColon) {
        let words: Vec<Keyword> = statement.iter().filter_map(keyword).take(2).collect();
        let query = match words.as_slice() {
            [Keyword::CREATE, ..] => after_as(statement),
            [Keyword::INSERT, ..] => after_columns(statement),
            [Keyword::WITH | Keyword::SELECT, ..] => Some(statement),
            [Keyword::DELETE, ..] => {
                found.clear = Some(statement.to_vec());
                continue;
            }
            _ => continue,
        };
        let query = query.ok_or("a statement that makes something has no query")?;
        if !found.query.is_empty() {
            return Err("there are several queries".to_owned());
        }
        found.query = query.to_vec();
    }
    if found.query.is_empty() { Err("there is no query".to_owned()) } else { Ok(found) }
}

/// Returns the text of tokens.
pub fn text(tokens: &[Token]) -> String {
    tokens.iter().map(ToString::to_string).collect()
}

/// Tells whether a parser understands both alike. What no parser understands is the same where its words are.
pub fn is_same((ours, theirs): (&[Token], &[Token]), dialect: Dialect) -> bool {
    match (normal(ours, dialect), normal(theirs, dialect)) {
        (Ok(ours), Ok(theirs)) => ours == theirs,
        _ => words(ours, dialect).eq(words(theirs, dialect)),
    }
}

fn words(tokens: &[Token], dialect: Dialect) -> impl Iterator<Item = Token> {
    tokens.iter().filter(is_said).map(move |token| spelled(token, dialect))
}

/// Returns the first line of a text that does not say what is expected, from 1, with the line that should stand there.
/// Comments and format do not count.
pub fn first_difference((expected, text): (&str, &str), dialect: Dialect) -> Option<(usize, String)> {
    let (ours, theirs) = (said(expected, dialect)?, said(text, dialect)?);
    let place = ours.iter().zip(&theirs).position(|(one, other)| one.0 != other.0);
    let place = place.unwrap_or_else(|| ours.len().min(theirs.len()));
    if place == ours.len().max(theirs.len()) {
        return None;
    }
    let line = theirs.get(place).map_or(text.lines().count().max(1), |(_, at)| at.line as usize);
    Some((line, ours.get(place).map(|(_, at)| line_at(expected, *at)).unwrap_or_default()))
}

/// Returns the line at a place; of a long one what begins there.
fn line_at(text: &str, at: Location) -> String {
    let line = text.lines().nth((at.line as usize).saturating_sub(1)).unwrap_or_default();
    if line.chars().count() <= LONGEST {
        return line.trim().to_owned();
    }
    let rest = || line.chars().skip((at.column as usize).saturating_sub(1));
    let end = if rest().count() > LONGEST { " ..." } else { "" };
    format!("{}{end}", rest().take(LONGEST).collect::<String>().trim())
}

/// Returns the words of a text that count, each with its place.
fn said(text: &str, dialect: Dialect) -> Option<Vec<(Token, Location)>> {
    let reader = reader(dialect);
    let tokens = Tokenizer::new(reader.as_ref(), text).with_unescape(false).tokenize_with_location().ok()?;
    let said = tokens.into_iter().filter(|found| is_said(&&found.token));
    Some(said.map(|found| (spelled(&found.token, dialect), found.span.start)).collect())
}

fn is_said(token: &&Token) -> bool {
    !matches!(token, Token::Whitespace(_))
}

/// Returns one form for statements that a parser understands alike: their tree as text.
///
/// # Errors
/// When it does not understand them.
pub fn normal(tokens: &[Token], dialect: Dialect) -> Result<String, String> {
    in_depth(|| serde_json::to_string(&tree(tokens, dialect)?).map_err(|error| error.to_string()))
}

/// Returns the tables that a query reads, in their order of names, without those that it defines itself.
///
/// # Errors
/// When a parser does not understand it.
pub fn tables(tokens: &[Token], dialect: Dialect) -> Result<Vec<String>, String> {
    in_depth(|| {
        let (mut read, mut own) = (BTreeSet::new(), BTreeSet::new());
        collect(&tree(tokens, dialect)?, &mut read, &mut own);
        Ok(read.difference(&own).cloned().collect())
    })
}

/// Trees are as deep as a query has parts, and every step through them calls itself, so they stay in there.
fn in_depth<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match reading.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err("its reader gave up".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
}

fn tree(tokens: &[Token], dialect: Dialect) -> Result<Json, String> {
    let tokens: Vec<Token> = tokens.iter().map(|token| spelled(token, dialect)).collect();
    let read = |reader: &dyn Reader| Parser::new(reader).with_tokens(tokens.clone()).parse_statements();
    // The general reader knows forms that some of the others do not, and that of MySQL divides by a word.
    let statements = read(reader(dialect).as_ref())
        .or_else(|error| read(&GenericDialect {}).or_else(|_| read(&MySqlDialect {})).map_err(|_| error));
    let statements: Vec<Statement> = statements.map_err(|error| error.to_string())?;
    let mut tree = serde_json::to_value(statements).map_err(|error| error.to_string())?;
    strip(&mut tree);
    Ok(tree)
}

/// Collects the names of tables that are read, and of those that a query defines.
fn collect(tree: &Json, read: &mut BTreeSet<String>, own: &mut BTreeSet<String>) {
    match tree {
        Json::Object(map) => {
            read.extend(map.get("Table").and_then(|table| dotted(table.get("name")?)));
            let defined = map.get("cte_tables").and_then(Json::as_array).into_iter().flatten();
            own.extend(defined.filter_map(|table| table.pointer("/alias/name/value")?.as_str().map(str::to_owned)));
            map.values().for_each(|inner| collect(inner, read, own));
        }
        Json::Array(items) => items.iter().for_each(|inner| collect(inner, read, own)),
        _ => {}
    }
}

fn dotted(name: &Json) -> Option<String> {
    let parts = name.as_array()?.iter().map(|part| part.pointer("/Identifier/value")?.as_str());
    Some(parts.collect::<Option<Vec<_>>>()?.join("."))
}

fn reader(dialect: Dialect) -> Box<dyn Reader> {
    match dialect.name {
        "sqlite" => Box::new(dialect::SQLiteDialect {}),
        "duckdb" => Box::new(dialect::DuckDbDialect {}),
        "postgres" => Box::new(dialect::PostgreSqlDialect {}),
        "clickhouse" => Box::new(dialect::ClickHouseDialect {}),
        "snowflake" => Box::new(dialect::SnowflakeDialect {}),
        "bigquery" => Box::new(dialect::BigQueryDialect {}),
        "databricks" | "spark" => Box::new(dialect::DatabricksDialect {}),
        "redshift" => Box::new(dialect::RedshiftSqlDialect {}),
        "mariadb" => Box::new(MySqlDialect {}),
        "sqlserver" => Box::new(dialect::MsSqlDialect {}),
        _ => Box::new(GenericDialect {}),
    }
}

fn keyword(token: &Token) -> Option<Keyword> {
    match token {
        Token::Word(Word { keyword, quote_style: None, .. }) => Some(*keyword),
        _ => None,
    }
}

/// Returns what stands behind the `as` of a statement that makes something.
fn after_as(statement: &[Token]) -> Option<&[Token]> {
    let place = statement.iter().position(|token| keyword(token) == Some(Keyword::AS))?;
    Some(&statement[place + 1..])
}

/// Returns the query of an insertion.
fn after_columns(statement: &[Token]) -> Option<&[Token]> {
    let mut depth = 0_i32;
    let place = statement.iter().position(|token| {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        depth == 0 && matches!(keyword(token), Some(Keyword::WITH | Keyword::SELECT))
    })?;
    Some(&statement[place..])
}

/// Returns a name in the one spelling that engines take for the same.
fn spelled(token: &Token, dialect: Dialect) -> Token {
    let Token::Word(word) = token else { return token.clone() };
    // DuckDB does not tell letters of another case apart, quoted or not.
    let is_folded = word.quote_style.is_none() || dialect.name == "duckdb";
    let value = if is_folded { word.value.to_lowercase() } else { word.value.clone() };
    if word.quote_style.is_some() {
        // Without its quotes a plain name means the same, unless it would be a word of the language.
        let is_plain = value.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        match Token::make_word(&value, None) {
            Token::Word(bare) if is_plain && bare.keyword == Keyword::NoKeyword => return Token::Word(bare),
            _ => {}
        }
    }
    Token::Word(Word { value, ..word.clone() })
}

/// Removes where things stand, and parentheses around expressions: the tree says what belongs together. Tables with commas
/// between them are joined.
fn strip(tree: &mut Json) {
    match tree {
        Json::Object(map) => {
            if map.len() == 1
                && let Some(inner) = map.remove("Nested")
            {
                *tree = inner;
                return strip(tree);
            }
            let places: Vec<String> = map.keys().filter(|key| is_place(key)).cloned().collect();
            places.iter().for_each(|key| drop(map.shift_remove(key)));
            if let Some(Json::Array(tables)) = map.get_mut("from") {
                join(tables);
            }
            map.values_mut().for_each(strip);
        }
        Json::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Writes `a, b` as `a cross join b`, which it means.
fn join(tables: &mut Vec<Json>) {
    let is_alone = |table: &Json| table.get("joins").and_then(Json::as_array).is_some_and(Vec::is_empty);
    if tables.len() < 2 || !tables[1..].iter().all(is_alone) {
        return;
    }
    let others = tables.split_off(1);
    if let Some(joins) = tables[0].get_mut("joins").and_then(Json::as_array_mut) {
        joins.extend(others.into_iter().map(|mut other| {
            let relation = other.get_mut("relation").map(Json::take);
            json!({"relation": relation, "global": false, "join_operator": {"CrossJoin": "None"}})
        }));
    }
}

fn is_place(key: &str) -> bool {
    key == "span" || key.ends_with("_token")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{DUCKDB, SQLITE};

    fn same(one: &str, other: &str) -> bool {
        let read = |text: &str| normal(&script(text, DUCKDB).expect(text).query, DUCKDB).expect(text);
        read(one) == read(other)
    }

    #[test]
    fn format_comments_case_and_needless_parentheses_do_not_matter() {
        let query = "select a.x, count(*) as n from t as a where a.x <= 7 and a.y is null group by a.x";
        for other in [
            "SELECT A.X , COUNT(*) AS N\nFROM T AS A -- a remark\nWHERE A.X <= 7 AND A.Y IS NULL GROUP BY A.X",
            "select a.x, count(*) as n from t as a where (a.x <= 7) and (a.y is null) /* y */ group by a.x",
            "select a.\"x\", count(*) as \"n\" from t as a where ((a.x <= 7 and a.y is null)) group by a.x",
            "create or replace view v as select a.x, count(*) as n from t as a where a.x <= 7 and a.y is null group by a.x;",
        ] {
            assert!(same(query, other), "{other}");
        }
    }

    #[test]
    fn tables_with_a_comma_between_them_are_joined() {
        assert!(same("select x from a cross join b where c", "select x from a, b where c"));
        assert!(same("select x from a join d on e cross join b", "select x from a join d on e, b"));
        assert!(!same("select x from a, b", "select x from b, a"));
        assert!(!same("select x from a, b left join c on d", "select x from a cross join b left join e on d"));
    }

    #[test]
    fn operators_values_order_and_parentheses_that_group_do_matter() {
        let query = "select x from t where a or b and c <= 7";
        for other in [
            "select x from t where a or b and c < 7",
            "select x from t where a or b and c <= 8",
            "select x from t where (a or b) and c <= 7",
            "select x from t where a or b",
            "select 'x' from t where a or b and c <= 7",
        ] {
            assert!(!same(query, other), "{other}");
        }
    }

    #[test]
    fn quotes_keep_the_case_of_names_but_in_duckdb() {
        let read = |text: &str, dialect| normal(&script(text, dialect).expect(text).query, dialect).expect(text);
        let (one, other) = ("select x from \"T\"", "select X from t");
        assert_ne!(read(one, SQLITE), read(other, SQLITE));
        assert_eq!(read(one, DUCKDB), read(other, DUCKDB));
    }

    #[test]
    fn texts_with_quotes_are_written_again_as_they_are() {
        let query = "select 'it''s' as a from t";
        assert_eq!(super::text(&script(query, SQLITE).expect("a query").query), query);
        assert!(!same(query, "select 'its' as a from t"));
    }

    #[test]
    fn the_tables_of_a_query_are_those_that_it_does_not_define() {
        let query = "with k as (select 1 from S.a join \"B\" as x on x.y = extract(year from a.z)) select * from k, (select * from c)";
        let tokens = script(query, DUCKDB).expect("a query").query;
        assert_eq!(tables(&tokens, DUCKDB).expect("understood"), ["b", "c", "s.a"]);
    }

    #[test]
    fn the_first_line_that_says_something_else_is_found() {
        let expected = "select a,\n  b\nfrom t\nwhere x <= 7";
        let first = |text: &str| first_difference((expected, text), DUCKDB);
        assert_eq!(first("SELECT a, /* y */ b\n-- z\nFROM t WHERE x <= 7"), None);
        assert_eq!(first("select a, b\nfrom t\n where x < 7"), Some((3, "where x <= 7".to_owned())));
        assert_eq!(first("select a, b\nfrom t"), Some((2, "where x <= 7".to_owned())));
        assert_eq!(first("select a, b\nfrom t where x <= 7\nand z"), Some((3, String::new())));
        let long = format!("select {} x from t", "a, ".repeat(100));
        let told = first_difference((&long, &long.replace("x from", "y from")), DUCKDB);
        assert_eq!(told, Some((1, "x from t".to_owned())));
    }

    #[test]
    fn of_a_script_the_query_and_what_makes_room_for_it_are_read() {
        let text = "begin;\ndelete from t where x > 1;\ninsert into t (a, b)\nwith k as (select 1 as a) select a, 2 as b from k;\ncommit;";
        let found = script(text, SQLITE).expect("a script");
        assert!(super::text(&found.query).starts_with("with k as"));
        assert!(found.clear.is_some_and(|clear| super::text(&clear).contains("delete from t")));
        assert!(script("commit;", SQLITE).is_err());
        assert!(script("select 1; select 2;", SQLITE).is_err());
        assert!(script("select 'open", SQLITE).is_err());
    }
}
