//! The front end as one function: texts in, checked plans and diagnostics out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::definition::{self, Definition, Direction, Goal, Metric, Reading};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::format;
use crate::kinds::{Aim, AimedAt, Better, Metrics};
use crate::load::Loaded;
use crate::lower::{self, Context};
use crate::mapping;
use crate::plan::Plan;
use crate::resolve::{Registry, full_name, unknown};
use crate::text::{Span, Spanned, TextId, Texts};
use crate::yaml;

/// A project, checked: what it defines, and the plan of every metric that has a meaning.
#[derive(Debug)]
pub struct Catalog {
    /// All definitions by name.
    pub registry: Registry,
    /// The plans of current versions and their variants, by full name.
    pub plans: BTreeMap<String, Plan>,
    /// The folder of each file, for paths that definitions name.
    pub folders: BTreeMap<TextId, PathBuf>,
    /// The folder that nothing a definition names may lie outside of.
    pub root: Option<PathBuf>,
    /// Number of definition files read.
    pub files: usize,
}

impl Catalog {
    /// Returns the current metric and reading behind a full name.
    pub fn reading(&self, name: &str) -> Option<(&Metric, &Reading)> {
        find(&self.registry, name)
    }

    /// Returns the place of a file that a definition in `text` names; `None` where it lies outside the project,
    /// directly or through a link.
    pub fn place(&self, text: TextId, path: &str) -> Option<PathBuf> {
        let place = self.folders.get(&text)?.join(path);
        let root = self.root.as_ref()?.canonicalize().ok()?;
        match place.canonicalize() {
            Ok(real) => real.starts_with(&root).then_some(place),
            // What does not exist leads nowhere, as long as the path itself stays inside.
            Err(_) => (!Path::new(path).is_absolute() && !path.contains("..")).then_some(place),
        }
    }
}

fn find<'a>(registry: &'a Registry, name: &str) -> Option<(&'a Metric, &'a Reading)> {
    let (id, variant) = match name.split_once('.') {
        Some((id, variant)) => (id, Some(variant)),
        None => (name, None),
    };
    let metric = registry.current(id)?;
    let same = |reading: &&Reading| reading.variant.as_ref().map(|v| v.value.as_str()) == variant;
    Some((metric, metric.readings.iter().find(same)?))
}

/// Checks everything that was loaded; all mistakes are reported.
pub fn build(loaded: &Loaded, diagnostics: &mut Diagnostics) -> Catalog {
    let mut definitions = Vec::new();
    let mut folders = BTreeMap::new();
    for file in &loaded.files {
        let folder = file.path.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
        folders.insert(file.id, folder.to_owned());
        definitions.extend(read(file.id, &loaded.texts, diagnostics).map(|definition| (file.id, definition)));
    }
    let mut registry = Registry::new(definitions, diagnostics);
    lower::derived::compile_all(&mut registry, &loaded.texts, diagnostics);
    let mut plans = Plans { registry: &registry, texts: &loaded.texts, known: BTreeMap::new() };
    for name in registry.metric_names() {
        plans.lower(&name, diagnostics);
    }
    let plans: BTreeMap<String, Plan> = plans
        .known
        .into_iter()
        .filter_map(|(name, state)| match state {
            State::Done(plan) => Some((name, *plan)),
            State::Open | State::Failed => None,
        })
        .collect();
    references(&registry, diagnostics);
    lower::standards::check(&registry, &loaded.texts, diagnostics);
    mapping::check(&registry, diagnostics);
    lower::purpose::check(&registry, &plans, diagnostics);
    let files = loaded.files.len();
    let root = loaded.files.iter().find_map(|file| file.project.clone());
    Catalog { registry, plans, folders, root, files }
}

/// Reads one file: tree, structure, object.
fn read(text: TextId, texts: &Texts, diagnostics: &mut Diagnostics) -> Option<Definition> {
    let root = yaml::parse(texts, text, diagnostics)?;
    let kind = format::check(&root, diagnostics)?;
    definition::decode(kind, &root, texts, diagnostics)
}

/// Finds names that no plan looks up: those in guardrails, standards and cases.
fn references(registry: &Registry, diagnostics: &mut Diagnostics) {
    let names = registry.metric_names();
    for metric in registry.metrics.values().flat_map(BTreeMap::values) {
        for guardrail in &metric.guardrails {
            if find(registry, &guardrail.metric.value).is_none() {
                unknown("metric", &guardrail.metric, names.iter(), diagnostics);
            }
        }
    }
    for source in registry.standards.values().flat_map(|standard| &standard.on) {
        registry.source(source, diagnostics);
    }
    for (_, case) in &registry.cases {
        if find(registry, &case.metric.value).is_none() {
            unknown("metric", &case.metric, names.iter(), diagnostics);
        }
        for (source, _) in &case.given {
            registry.source(source, diagnostics);
        }
    }
}

/// Plans under way, so that a circle of formulas is found rather than followed.
struct Plans<'a> {
    registry: &'a Registry,
    texts: &'a Texts,
    known: BTreeMap<String, State>,
}

enum State {
    Open,
    Failed,
    Done(Box<Plan>),
}

impl Plans<'_> {
    fn lower(&mut self, name: &str, diagnostics: &mut Diagnostics) {
        if self.known.contains_key(name) {
            return;
        }
        let Some((metric, reading)) = find(self.registry, name) else { return };
        self.known.insert(name.to_owned(), State::Open);
        let mut context = Context { registry: self.registry, texts: self.texts, diagnostics };
        let plan = lower::lower(metric, reading, &mut context, self);
        let variant = reading.variant.as_ref().map(|variant| variant.value.as_str());
        let state = plan.map_or(State::Failed, |plan| State::Done(Box::new(plan)));
        self.known.insert(full_name(&metric.id.value, variant), state);
    }
}

impl Metrics for Plans<'_> {
    fn plan(&mut self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Plan> {
        if find(self.registry, name).is_none() {
            let names = self.registry.metric_names();
            unknown("metric", &Spanned::new(name.to_owned(), span), names.iter(), diagnostics);
            return None;
        }
        self.lower(name, diagnostics);
        match self.known.get(name)? {
            State::Done(plan) => Some((**plan).clone()),
            State::Failed => None,
            State::Open => {
                let message = format!("`{name}` is made of itself");
                diagnostics.push(
                    Diagnostic::error(codes::REFERENCE_CYCLE, span, message)
                        .help("a formula may use only metrics that do not use it in turn"),
                );
                None
            }
        }
    }

    fn aim(&self, name: &str) -> Option<Aim> {
        let (metric, reading) = find(self.registry, name)?;
        let better = match reading.direction {
            Direction::Higher => Better::Higher,
            Direction::Lower => Better::Lower,
            Direction::Neutral => Better::Neither,
        };
        let aimed = metric.targets.iter().map(|target| {
            let (side, bound) = match target.goal {
                Goal::AtLeast(bound) => (Better::Higher, bound),
                Goal::AtMost(bound) => (Better::Lower, bound),
            };
            AimedAt { from: target.from, bound, side }
        });
        Some(Aim { better, targets: aimed.collect() })
    }
}
