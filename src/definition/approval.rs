//! What people have agreed to: signatures on one meaning of a version, and findings that are accepted for a time.
//!
//! Whether a signature counts is for `signing`.

use super::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Span, Spanned};
use crate::value::Date;

/// The signatures on one meaning of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The version, as `csat_share@1.0.0`.
    pub version: Spanned<String>,
    /// The data fingerprint that is signed.
    pub fingerprint: Spanned<String>,
    /// Who has signed it.
    pub signatures: Vec<Signature>,
}

/// One person's agreement in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Where it is written.
    pub span: Span,
    /// Who signs.
    pub by: Spanned<String>,
    /// In which role.
    pub role: Spanned<String>,
    /// Since when.
    pub on: Date,
    /// First day on which it counts no more.
    pub until: Option<Date>,
    /// What the signer adds.
    pub note: Option<String>,
}

/// A finding about one change that is accepted for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The fingerprint of the change.
    pub fingerprint: Spanned<String>,
    /// The rule that found it.
    pub rule: Spanned<String>,
    /// The metric it was found at.
    pub metric: Spanned<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepts it.
    pub approved_by: String,
    /// First day on which it is accepted no more.
    pub expires: Spanned<Date>,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Approval> {
    let version = fields.text("approval")?;
    let fingerprint = fields.text("fingerprint")?;
    let mut signatures: Vec<Signature> = Vec::new();
    for item in fields.node.get("signatures")?.items() {
        let Some(signature) = signature(&mut fields.of(item)) else { continue };
        let is_same =
            |other: &&Signature| other.by.value == signature.by.value && other.role.value == signature.role.value;
        if let Some(first) = signatures.iter().find(is_same) {
            let message = format!("`{}` signs twice as `{}`", signature.by.value, signature.role.value);
            fields.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, signature.by.span, message)
                    .also(first.by.span, "signed here")
                    .help("keep one of the two signatures"),
            );
            continue;
        }
        signatures.push(signature);
    }
    Some(Approval { version, fingerprint, signatures })
}

fn signature(fields: &mut Fields<'_, '_>) -> Option<Signature> {
    let (on, until) = (fields.date("on"), fields.date("until"));
    if let (Some(on), Some(until)) = (&on, &until)
        && until.value <= on.value
    {
        fields.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, until.span, "the signature ends before it counts")
                .also(on.span, "it counts from here")
                .help("`until` is the first day on which the signature counts no more"),
        );
    }
    Some(Signature {
        span: fields.node.span,
        by: fields.text("by")?,
        role: fields.text("role")?,
        on: on?.value,
        until: until.map(|date| date.value),
        note: fields.text("note").map(|note| note.value.trim_end().to_owned()),
    })
}

pub(super) fn decode_acceptance(fields: &mut Fields<'_, '_>) -> Option<Acceptance> {
    Some(Acceptance {
        fingerprint: fields.text("acceptance")?,
        rule: fields.text("rule")?,
        metric: fields.text("metric")?,
        reason: fields.words("reason"),
        approved_by: fields.words("approved_by"),
        expires: fields.date("expires")?,
    })
}
