//! Facts given a value: by the row's own cells, by a row looked up, or by events around it.

use super::{Maker, Sight, Spot, after};
use crate::plan::{Clock, Distance, Fact, Join, Relate, Rule, Scan, SpanEnd, Spans, Summary, Times};
use crate::value::{Instant, Number, Value};
use crate::witness::material::DAY;
use crate::witness::stock::BASE;

impl Maker<'_> {
    /// Returns the value of a fact as far as cells tell it.
    pub(super) fn fact_value(&self, fact: &Fact, sight: Sight<'_>) -> Option<Value> {
        match &fact.rule {
            Rule::Derived(expression) => self.value(expression, sight),
            Rule::Clocked(clock) => {
                let (from, to) = (self.instant(&clock.from, sight)?, self.instant(&clock.to, sight)?);
                Some(Value::Duration(to.since(from)))
            }
            Rule::Joined(join) => {
                let row = self.partner((&join.other, &join.same), sight)?;
                let other = sight.of_event(Spot { scan: &join.other, row });
                self.value(&join.value, other)
            }
            Rule::Advanced(advance) => {
                let from = self.instant(&advance.from, sight)?;
                let by = match &advance.by {
                    Distance::CalendarDays { days, .. } | Distance::BusinessDays { days, .. } => i64::from(*days) * DAY,
                    Distance::BusinessTime { length, .. } => match self.value(length, sight)? {
                        Value::Duration(length) => length.micros(),
                        _ => return None,
                    },
                };
                Some(Value::Instant(after(from, by)))
            }
            // The first event that matches may well be the one that is meant.
            Rule::Related(relate) => {
                let row = self.partner((&relate.events, &relate.same), sight)?;
                self.value(relate.summary.operand()?, sight.of_event(Spot { scan: &relate.events, row }))
            }
        }
    }

    /// Gives a fact a value, or makes it likely.
    pub(super) fn give(&mut self, fact: &Fact, value: Value, sight: Sight<'_>) {
        match &fact.rule {
            Rule::Derived(expression) => self.put(expression, value, sight),
            Rule::Joined(join) => self.look_up(join, value, sight),
            Rule::Related(relate) => self.relate(relate, value, sight),
            Rule::Clocked(clock) => self.run(clock, &value, sight),
            Rule::Advanced(advance) => {
                if let (Value::Instant(at), Some(Value::Instant(now))) = (&value, self.fact_value(fact, sight)) {
                    let from = self.instant(&advance.from, sight);
                    let moved = from.map(|from| after(from, at.since(now).micros()));
                    self.put(&advance.from, moved.map_or(Value::Null, Value::Instant), sight);
                }
            }
        }
    }

    /// Adds a row for every fact that looks at other rows.
    pub(in crate::witness) fn surround(&mut self, fact: &Fact, sight: Sight<'_>) {
        match &fact.rule {
            Rule::Related(relate) => drop(self.event(relate, sight)),
            Rule::Joined(join) => self.look_up(join, Value::Null, sight),
            Rule::Clocked(clock) => {
                let spans: Vec<&Spans> = clock.counting.iter().flat_map(Times::spans).collect();
                if let Some(spans) = self.dice.pick(&spans) {
                    self.span(spans, clock, sight);
                }
            }
            Rule::Derived(_) | Rule::Advanced(_) => {}
        }
    }

    /// Returns a row of `scan` that has the match columns of the row in sight.
    fn partner(&self, (scan, same): (&Scan, &[(String, String)]), sight: Sight<'_>) -> Option<usize> {
        let plot = self.ground.plots.get(&scan.source)?;
        let wanted: Option<Vec<(usize, Value)>> = same
            .iter()
            .map(|(own, other)| Some((plot.place(other)?, self.named(own, sight).filter(|value| !value.is_null())?)))
            .collect();
        let wanted = wanted?;
        let rows = &self.tables.get(&scan.source)?.rows;
        rows.iter().position(|row| wanted.iter().all(|(column, value)| row[*column] == *value))
    }

    /// Adds a row of `scan` with the match columns of the row in sight.
    fn companion<'p>(
        &mut self,
        (scan, same): (&'p Scan, &[(String, String)]),
        at: i64,
        sight: Sight<'p>,
    ) -> Option<Sight<'p>> {
        let row = self.blank(&scan.source, at)?;
        let event = sight.of_event(Spot { scan, row });
        for (own, other) in same {
            let known = self.named(own, sight).filter(|value| !value.is_null());
            let value = match known {
                Some(value) => value,
                None => {
                    let ty = self.type_of(scan, other)?;
                    let value = self.stock.value((&scan.source, other), ty, self.dice).filter(|value| !value.is_null());
                    let value = value.or_else(|| self.any(ty))?;
                    self.name(own, value.clone(), sight);
                    value
                }
            };
            self.name(other, value, event);
        }
        Some(event)
    }

    fn type_of(&self, scan: &Scan, column: &str) -> Option<crate::value::Type> {
        let plot = self.ground.plots.get(&scan.source)?;
        let derived = scan.derived.iter().find(|derived| derived.name == column).map(|derived| derived.value.ty());
        derived.or_else(|| Some(plot.ty(plot.place(column)?)))
    }

    fn look_up(&mut self, join: &Join, value: Value, sight: Sight<'_>) {
        let at = join.version.as_ref().and_then(|version| self.instant(&version.at, sight));
        let known = self.partner((&join.other, &join.same), sight).filter(|_| join.version.is_none());
        let other = match known {
            Some(row) => Some(sight.of_event(Spot { scan: &join.other, row })),
            None => {
                let before = self.stock.distance(self.dice);
                let at = at.map_or(BASE, |at| at.micros().saturating_sub(before));
                let other = self.companion((&join.other, &join.same), at, sight);
                if let (Some(other), Some(version)) = (other, &join.version) {
                    self.name(&version.from, Value::Instant(Instant::from_micros(at)), other);
                    if let Some(until) = version.until.as_ref().filter(|_| self.dice.once_in(2)) {
                        let length = self.stock.distance(self.dice);
                        self.name(until, Value::Instant(Instant::from_micros(at.saturating_add(length))), other);
                    }
                }
                other
            }
        };
        if let Some(other) = other.filter(|_| !value.is_null()) {
            self.put(&join.value, value, other);
        }
    }

    fn relate(&mut self, relate: &Relate, value: Value, sight: Sight<'_>) {
        let events = match (&relate.summary, &value) {
            (_, Value::Null) | (Summary::Exists, Value::Boolean(false)) => 0,
            (Summary::Count, Value::Number(count)) => usize::try_from(count.normal().mantissa()).unwrap_or(0).min(4),
            _ => 1,
        };
        for _ in 0..events {
            // Facts of one source often tell of one event.
            let known = self.partner((&relate.events, &relate.same), sight).filter(|_| self.dice.once_in(2));
            let known = known.map(|row| sight.of_event(Spot { scan: &relate.events, row }));
            let Some(event) = known.or_else(|| self.event(relate, sight)) else { return };
            let wanted = match (&relate.summary, &value) {
                // A float of whole numbers is one that can be asked for.
                (Summary::Mean(_), Value::Real(mean)) => Value::Number(Number::integer(*mean as i64)),
                _ => value.clone(),
            };
            match &relate.summary {
                Summary::Exists | Summary::Count => {}
                Summary::Every(condition) => self.hold(condition, value == Value::Boolean(true), event),
                other => {
                    if let Some(operand) = other.operand() {
                        self.put(operand, wanted, event);
                    }
                }
            }
        }
    }

    /// Adds an event inside the window, or just beyond one of its ends.
    fn event<'p>(&mut self, relate: &'p Relate, sight: Sight<'p>) -> Option<Sight<'p>> {
        let anchor = crate::expression::Expression::column(relate.anchor.as_str(), crate::value::Type::Instant);
        if self.instant(&anchor, sight).is_none() {
            self.put(&anchor, Value::Instant(Instant::from_micros(BASE)), sight);
        }
        let anchor = self.instant(&anchor, sight).unwrap_or(Instant::from_micros(BASE));
        let at = self.within(relate, anchor, sight);
        let event = self.companion((&relate.events, &relate.same), at.micros(), sight)?;
        self.name(&relate.event_at, Value::Instant(at), event);
        if let Some(predicate) = &relate.predicate {
            let wanted = !self.dice.once_in(6);
            self.hold(predicate, wanted, event);
        }
        Some(event)
    }

    /// Returns an instant in the window of a row, mostly at one of its ends.
    fn within(&mut self, relate: &Relate, anchor: Instant, sight: Sight<'_>) -> Instant {
        let window = &relate.window;
        let ends = [&window.from, &window.to].map(|bound| bound.as_ref().and_then(|at| self.instant(&at.at, sight)));
        let distance = self.stock.distance(self.dice);
        let step = [0, 0, 1_000_000, -1_000_000][self.dice.below(4)];
        match (ends, self.dice.below(3)) {
            ([Some(from), Some(to)], 0) => after(from, to.since(from).micros() / 2),
            ([Some(from), _], 1) => after(from, step),
            ([_, Some(to)], 2) => after(to, step),
            ([Some(from), _], _) if from >= anchor => after(from, distance),
            ([_, Some(to)], _) if to <= anchor => after(to, -distance),
            _ => after(anchor, distance),
        }
    }

    fn run(&mut self, clock: &Clock, value: &Value, sight: Sight<'_>) {
        match value {
            Value::Null => self.put(&clock.to, Value::Null, sight),
            Value::Duration(length) => {
                if let Some(from) = self.instant(&clock.from, sight) {
                    self.put(&clock.to, Value::Instant(after(from, length.micros())), sight);
                } else if let Some(to) = self.instant(&clock.to, sight) {
                    self.put(&clock.from, Value::Instant(after(to, length.micros().saturating_neg())), sight);
                }
            }
            _ => {}
        }
    }

    /// Adds an event whose interval lies somewhere around the clock's run.
    fn span(&mut self, spans: &Spans, clock: &Clock, sight: Sight<'_>) {
        let from = self.instant(&clock.from, sight).unwrap_or(Instant::from_micros(BASE));
        let distance = self.stock.distance(self.dice);
        let start = after(from, if self.dice.once_in(4) { -distance } else { distance });
        let Some(event) = self.companion((&spans.events, &spans.same), start.micros(), sight) else { return };
        self.name(&spans.start, Value::Instant(start), event);
        if let SpanEnd::Column(end) = &spans.end {
            let length = self.stock.distance(self.dice);
            self.name(end, Value::Instant(after(start, length)), event);
        }
        for condition in [&spans.chain, &spans.counts].into_iter().flatten() {
            self.hold(condition, true, event);
        }
    }
}
