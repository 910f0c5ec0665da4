//! What work takes: time by the clock, time of the processors, memory.
//!
//! Reads what Linux tells of processes; elsewhere processor time and memory are 0.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Clock ticks of Linux in a second.
const TICKS: f64 = 100.0;
/// Where `/proc/self/stat` has the times of this process, and of its children that have ended.
const OWN: usize = 11;
const CHILDREN: usize = 13;

/// What some work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// By the clock, in seconds.
    pub(crate) wall: f64,
    /// Of all processors, in seconds.
    pub(crate) cpu: f64,
    /// Memory at most, in KiB.
    pub(crate) memory: u64,
}

/// Does the work in this process.
pub(crate) fn of(work: impl FnOnce() -> usize) -> Usage {
    let (before, start) = (processors(OWN), Instant::now());
    std::hint::black_box(work());
    let wall = start.elapsed().as_secs_f64();
    Usage { wall, cpu: processors(OWN) - before, memory: high_water("/proc/self/status") }
}

/// Runs a program to its end, its output thrown away.
pub(crate) fn of_program(command: &mut Command) -> Usage {
    let (before, start) = (processors(CHILDREN), Instant::now());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    while child.try_wait().expect("a child").is_none() {
        memory = memory.max(high_water(&status));
        std::thread::sleep(Duration::from_millis(2));
    }
    Usage { wall: start.elapsed().as_secs_f64(), cpu: processors(CHILDREN) - before, memory }
}

/// Returns the medians.
pub(crate) fn median(runs: &[Usage]) -> Usage {
    let middle = |of: fn(&Usage) -> f64| super::median::median(runs.iter().map(of));
    let memory = runs.iter().map(|run| run.memory).max().unwrap_or_default();
    Usage { wall: middle(|run| run.wall), cpu: middle(|run| run.cpu), memory }
}

fn high_water(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or_default()
}

fn processors(first: usize) -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in brackets, may have spaces in it.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(first) + ticks(first + 1)) / TICKS
}
