//! Projects of many definitions, and how long etalon takes for them.
//!
//! `cargo bench --bench projects -- figures [N]` prints what stands in `benches/README.md`; each figure is that of a
//! process of its own. `write FOLDER N LAYOUT` writes a project, `steps N LAYOUT` tells the stages of one check.

// What is measured is printed.
#![allow(clippy::print_stdout)]

#[path = "../measure/allocator.rs"]
mod allocator;
mod changed;
mod etalon_form;
mod figures;
mod files;
#[path = "../measure/median.rs"]
mod median;
mod metric;
mod revisions;
mod sidemantic;
mod usage;
mod work;

use std::path::Path;

use etalon_form::Layout;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", folder, count, "sidemantic"] => sidemantic::write(Path::new(folder), number(count)),
        ["write", folder, count, layout] => etalon_form::write(Path::new(folder), number(count), named(layout), None),
        ["steps", count, layout] => steps(number(count), named(layout)),
        ["once", work, folder] => figures::once(work, Path::new(folder)),
        ["figures", count] => figures::print(number(count)),
        ["growth", layout] => figures::growth(named(layout)),
        ["changed", layout] => changed::print(named(layout)),
        ["diff", count, changed, layout] => revisions::print(number(count), number(changed), named(layout)),
        [] => figures::print(10_000),
        _ => println!(
            "figures [N] | growth LAYOUT | changed LAYOUT | diff N CHANGED LAYOUT | steps N LAYOUT | write FOLDER N LAYOUT"
        ),
    }
}

fn number(word: &str) -> usize {
    word.replace('_', "").parse().expect("a number")
}

fn named(word: &str) -> Layout {
    Layout::EVERY.iter().find(|(name, _)| *name == word).expect("a layout").1
}

/// Prints how long the stages of a check take.
fn steps(count: usize, layout: Layout) {
    let folder = tempfile::tempdir().expect("a folder");
    let project = folder.path();
    etalon_form::write(project, count, layout, None);
    let texts = work::texts(project);
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{count} definitions, {bytes} bytes in {} files; milliseconds by the clock, of processors", texts.len());
    let tell = |stage: &str, work: &dyn Fn() -> usize| {
        let taken = usage::of(work);
        println!("{stage:<12} {:>9.0} {:>9.0}", taken.wall * 1e3, taken.cpu * 1e3);
    };
    tell("events", &|| work::events(&texts));
    tell("load", &|| etalon::load::load(project).files.len());
    tell("load, build", &|| work::catalog_of(project).1.plans.len());
    let (loaded, catalog) = work::catalog_of(project);
    tell("rules", &|| work::judge(&catalog, &loaded));
    println!("{} findings", work::judge(&catalog, &loaded));
    tell("compile", &|| work::compile(&catalog));
    tell("check", &|| work::check(project));
}
