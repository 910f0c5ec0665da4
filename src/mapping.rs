//! Mappings held against the sources they are about, and put in their place.

use std::path::{Component, Path};

use crate::definition::{Mapping, SourceFile};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::resolve::{Registry, unknown};
use crate::source::{Given, Mapped, MappedColumn, Source, SourceColumn};
use crate::text::{Span, Spanned};
use crate::value::{Number, Type};

/// Reports what mappings name and sources do not have, and what would be without effect.
pub fn check(registry: &Registry, diagnostics: &mut Diagnostics) {
    for (_, mapping) in registry.mappings.values() {
        for (name, mapped) in &mapping.sources {
            if let Some(file) = registry.source(name, diagnostics) {
                Check { file, mapped, diagnostics }.whole();
            }
        }
    }
}

/// Returns the registry with the sources of a mapping as its system has them; where their files lie, the caller says.
pub fn apply(registry: &Registry, mapping: &Mapping) -> Registry {
    let mut registry = registry.clone();
    for (name, mapped) in &mapping.sources {
        if let Some(file) = registry.sources.get_mut(&name.value) {
            file.source = file.source.under(mapped);
        }
    }
    registry
}

/// Tells whether a path stays in the folder it is looked up in.
pub fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// One mapped source against the source.
struct Check<'a> {
    file: &'a SourceFile,
    mapped: &'a Mapped,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Check<'a> {
    fn whole(&mut self) {
        let mapped = self.mapped;
        for name in &mapped.absent {
            if self.column(name).is_some_and(|column| !column.nullable) {
                let message = format!("`{}` is never null, so it cannot be absent", name.value);
                self.refuse(name.span, message, "say what it is under `columns`, or list it under `unknown`");
            }
        }
        for name in &mapped.unknown {
            let Some(column) = self.column(name) else { continue };
            if self.file.source.key.contains(&column.name) || self.file.source.order.contains(&column.name) {
                let message = format!("`{}` identifies or orders the rows, so it must be known", name.value);
                self.refuse(name.span, message, "say under `columns` what it is read from");
            }
        }
        for own in &mapped.columns {
            if let Some(column) = self.column(&own.name) {
                self.mapped_column(own, column);
            }
        }
        self.said_once();
        for look_up in mapped.look_ups.iter().filter(|look_up| !is_inside(&look_up.file)) {
            let message = format!("`{}` lies outside of the folder of the first file", look_up.file);
            self.diagnostics.push(
                Diagnostic::error(codes::OUTSIDE_PROJECT, look_up.name.span, message)
                    .help("put the files of one export into one folder"),
            );
        }
    }

    fn column(&mut self, name: &Spanned<String>) -> Option<&'a SourceColumn> {
        let source: &'a Source = &self.file.source;
        let found = source.column(&name.value);
        if found.is_none() {
            let kind = format!("column of `{}` called", source.name);
            let columns: Vec<String> = source.columns.iter().map(|column| column.name.clone()).collect();
            unknown(&kind, name, columns.iter(), self.diagnostics);
        }
        found
    }

    /// A column is read in one way: by name, as mapped, as null or not at all.
    fn said_once(&mut self) {
        let mapped = self.mapped;
        let names = mapped.columns.iter().map(|own| &own.name).chain(&mapped.absent).chain(&mapped.unknown);
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for name in names {
            match seen.iter().find(|earlier| earlier.value == name.value) {
                None => seen.push(name),
                Some(earlier) => self.diagnostics.push(
                    Diagnostic::error(
                        codes::DUPLICATE_NAME,
                        name.span,
                        format!("`{}` is said to be read in two ways", name.value),
                    )
                    .also(earlier.span, "said here")
                    .help("leave it in one of `columns`, `absent` and `unknown`"),
                ),
            }
        }
    }

    fn mapped_column(&mut self, own: &MappedColumn, column: &SourceColumn) {
        let reading = &own.reading;
        let (span, name) = (own.name.span, &own.name.value);
        if reading.given.is_some() && (own.is_read || !reading.texts.is_empty() || reading.others.is_some()) {
            let message = format!("`{name}` is always the same, so nothing is read for it");
            self.refuse(span, message, "leave out `always`, or what says how the field is read");
        }
        if reading.if_null.is_some() && reading.given.is_some() && reading.only_if.is_empty() {
            self.refuse(span, format!("`{name}` is always the same, so it is never null"), "leave out `if_null`");
        }
        if let Some(values) = &column.values {
            let given = match &reading.given {
                Some(Given::Text(text)) => Some(text),
                _ => None,
            };
            let meant = reading.texts.iter().map(|(_, meant)| meant);
            for text in meant.chain(&reading.others).chain(&reading.if_null).chain(given) {
                if !values.contains(text) {
                    let message = format!("`{text}` is none of the values of `{name}`");
                    self.refuse(span, message, &format!("its values are: {}", values.join(", ")));
                }
            }
        }
        self.fitting_keys(own, column);
    }

    /// Reports keys that say nothing about a column of this type, and bounds in another unit.
    fn fitting_keys(&mut self, own: &MappedColumn, column: &SourceColumn) {
        let reading = &own.reading;
        let (number, moment) = (matches!(column.ty, Type::Number(_)), matches!(column.ty, Type::Instant | Type::Date));
        let judged = [
            ("format", reading.format.is_some(), moment),
            ("century", reading.century.is_some(), moment),
            ("unit", own.unit.is_some(), column.ty == Type::Duration),
            ("at_least", reading.at_least.is_some(), number || column.ty == Type::Duration),
            ("at_most", reading.at_most.is_some(), number || column.ty == Type::Duration),
        ];
        for (key, _, _) in judged.into_iter().filter(|(_, said, fits)| *said && !fits) {
            let message = format!("`{key}` says nothing about `{}`, which is {}", column.name, column.ty);
            self.refuse(own.name.span, message, &format!("remove `{key}`"));
        }
        let usual = &column.reading;
        let inherited = [("at_least", usual.at_least, reading.at_least), ("at_most", usual.at_most, reading.at_most)];
        for (key, bound, said) in inherited {
            let other_unit = own.unit.is_some_and(|unit| unit != usual.duration_unit);
            if other_unit && said.is_none() && bound.is_some_and(|bound| bound != Number::ZERO) {
                let message = format!("the source has `{key}` of `{}` in another unit", column.name);
                self.refuse(own.name.span, message, &format!("say `{key}` in the unit of the mapping, too"));
            }
        }
    }

    fn refuse(&mut self, span: Span, message: String, help: &str) {
        let file = self.file;
        self.diagnostics
            .push(Diagnostic::error(codes::INVALID_VALUE, span, message).also(file.span, "the source").help(help));
    }
}
