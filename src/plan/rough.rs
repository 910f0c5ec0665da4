//! A number that plans with one meaning share: found in one walk, where a fingerprint needs the canonical form.
//!
//! Whoever looks for plans that mean the same asks for fingerprints only where these numbers are equal.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

use super::{Body, Plan};
use crate::expression::Expression;
use crate::value::Value;

impl Plan {
    /// Returns a number that is the same for plans with equal fingerprints; others may share it too. It may change with
    /// the program: what is kept of it must be kept from any other.
    pub fn rough(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash_outline(&mut hasher);
        let mut constants = BTreeSet::new();
        self.each_expression(&mut |_, expression| gather(expression, &mut constants));
        constants.hash(&mut hasher);
        hasher.finish()
    }

    /// Hashes what the canonical form leaves as it is.
    fn hash_outline(&self, hasher: &mut impl Hasher) {
        discriminant(&self.body).hash(hasher);
        if let Body::Measured(pipeline) = &self.body {
            pipeline.scans().into_iter().for_each(|scan| scan.source.hash(hasher));
            pipeline.exclude.iter().for_each(|exclusion| exclusion.id.hash(hasher));
            discriminant(&pipeline.measure).hash(hasher);
        }
        self.body.parts().into_iter().for_each(|part| part.hash_outline(hasher));
    }
}

/// Gathers the texts and numbers of an expression, each once: its canonical form has the same.
fn gather(expression: &Expression, constants: &mut BTreeSet<u64>) {
    let mut add = |value: &Value| {
        let mut hasher = DefaultHasher::new();
        match value {
            Value::Text(text) => text.hash(&mut hasher),
            Value::Number(number) => {
                let number = number.normal();
                (number.mantissa(), number.scale()).hash(&mut hasher);
            }
            _ => return,
        }
        constants.insert(hasher.finish());
    };
    match expression {
        Expression::Literal(value, _) => add(value),
        Expression::In(_, values) => values.iter().for_each(add),
        _ => {}
    }
    expression.children().into_iter().for_each(|child| gather(child, constants));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Comparison;
    use crate::value::{Number, Type};

    fn simple() -> Vec<Expression> {
        let column = || Expression::column("a", Type::Text);
        let number = |mantissa, scale| {
            let value = Value::Number(Number::new(mantissa, scale));
            Box::new(Expression::Literal(value, Type::Number(scale)))
        };
        let compared = |comparison, mantissa, scale| {
            let column = Box::new(Expression::column("n", Type::Number(scale)));
            Expression::Compare(comparison, column, number(mantissa, scale))
        };
        let listed =
            |texts: &[&str]| Expression::In(Box::new(column()), texts.iter().map(|text| Value::text(text)).collect());
        vec![
            column().is_text("x"),
            listed(&["y", "x", "y"]),
            listed(&["x"]),
            compared(Comparison::Greater, 5, 0),
            compared(Comparison::Equal, 50, 1),
            compared(Comparison::NotEqual, 5, 0),
            Expression::IsNull(Box::new(column())),
        ]
    }

    #[test]
    fn a_canonical_form_has_the_constants_of_what_it_stands_for() {
        let constants = |expression: &Expression| {
            let mut found = BTreeSet::new();
            gather(expression, &mut found);
            found
        };
        let mut all = simple();
        for one in simple() {
            for other in simple() {
                all.push(Expression::And(vec![one.clone(), other.clone(), one.clone()]));
                all.push(Expression::Or(vec![Expression::Not(Box::new(other.clone())), one.clone()]));
            }
        }
        let negated: Vec<Expression> = all.iter().map(|one| Expression::Not(Box::new(one.clone()))).collect();
        for expression in all.iter().chain(&negated) {
            assert_eq!(constants(expression), constants(&expression.canonical()), "{expression:?}");
        }
    }
}
