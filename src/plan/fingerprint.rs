//! The fingerprint of a meaning: equal plans have equal fingerprints, whatever words surround them.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Body, Calendar, Combination, Dimension, Formula, Plan, Publish};
use crate::value::Grain;

/// The way fingerprints are computed; changes when equal plans would hash differently.
pub const ALGORITHM: &str = "plan-2";

/// The parts of a plan that can move a number or decide whether it is shown; name and version cannot.
#[derive(Serialize)]
struct Meaning<'a> {
    algorithm: &'static str,
    calendar: &'a Calendar,
    grains: &'a [Grain],
    dimensions: &'a [Dimension],
    body: &'a Body,
    publish: &'a Publish,
}

impl Plan {
    /// Returns the fingerprint of everything that can move the number.
    pub fn fingerprint(&self) -> String {
        hash(&self.canonical())
    }

    /// Returns the fingerprint of what the metric's own definition says: other metrics that it is made of stand in it by
    /// name, with fingerprints of their own.
    pub fn own_fingerprint(&self) -> String {
        let mut plan = self.canonical();
        for part in plan.body.parts_mut() {
            part.body = Body::Combined(Combination { components: Vec::new(), formula: Formula::Component(0) });
            (part.grains, part.dimensions) = (Vec::new(), Vec::new());
        }
        let names = self.body.parts().iter().map(|part| part.metric.clone()).collect::<Vec<_>>().join(" ");
        digest(format!("{} {names}", hash(&plan)).as_bytes())
    }
}

fn hash(plan: &Plan) -> String {
    let meaning = Meaning {
        algorithm: ALGORITHM,
        calendar: &plan.calendar,
        grains: &plan.grains,
        dimensions: &plan.dimensions,
        body: &plan.body,
        publish: &plan.publish,
    };
    digest(&serde_json::to_vec(&meaning).expect("a plan has only texts, numbers and lists of them"))
}

/// Returns the first 16 hexadecimal digits of the SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> String {
    let halves = |byte: u8| [byte >> 4, byte & 15].map(|half| char::from(b"0123456789abcdef"[usize::from(half)]));
    Sha256::digest(bytes).iter().take(8).flat_map(|byte| halves(*byte)).collect()
}
