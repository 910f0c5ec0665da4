//! A child process that answers one line of JSON with one line of JSON.
//!
//! A child that ends, says nothing in time or something else is a [`Failure`], and is not asked again. Knows no SQL.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

/// The longest complaint of a child that is passed on, in characters.
const COMPLAINT: usize = 300;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// The command names no program that can be started.
    #[error("`{program}` does not start: {reason}")]
    Absent {
        /// What was to be started.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// The process has ended.
    #[error("the process has ended{0}")]
    Ended(String),
    /// The process did not answer in time.
    #[error("the process did not answer within {} s and was ended", .0.as_secs())]
    Silent(Duration),
    /// The process says something else than was agreed upon.
    #[error("the process says what is no answer: {0}")]
    Babble(String),
}

/// A child process, which ends with this value.
pub(super) struct Child {
    process: std::process::Child,
    questions: Sender<String>,
    answers: Receiver<String>,
    complaints: Receiver<String>,
    failure: Option<Failure>,
}

impl Child {
    /// Starts the command, a program and its arguments with spaces between them.
    pub(super) fn start(command: &str) -> Result<Self, Failure> {
        let mut words = words(command).into_iter();
        let program = words.next().unwrap_or_default();
        let absent = |reason: String| Failure::Absent { program: program.clone(), reason };
        let mut process = Command::new(&program)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| absent(error.to_string()))?;
        let pipes = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(mut input), Some(output), Some(errors)) = pipes else {
            return Err(absent("it has no standard input and output".to_owned()));
        };
        let (questions, asked) = mpsc::channel::<String>();
        // A child that does not read must not keep the asker from looking at the clock.
        thread::spawn(move || {
            for question in asked {
                if input.write_all(question.as_bytes()).and_then(|()| input.flush()).is_err() {
                    return;
                }
            }
        });
        Ok(Self { process, questions, answers: lines(output), complaints: lines(errors), failure: None })
    }

    /// Asks and waits for the answer.
    pub(super) fn ask(&mut self, question: &Json, patience: Duration) -> Result<Json, Failure> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        // A child that has ended is noticed where its answer is waited for.
        let _ = self.questions.send(format!("{question}\n"));
        self.answer(patience)
    }

    fn answer(&mut self, patience: Duration) -> Result<Json, Failure> {
        let answer = match self.answers.recv_timeout(patience) {
            Ok(line) => serde_json::from_str(&line).map_err(|_| Failure::Babble(shortened(&line))),
            Err(RecvTimeoutError::Timeout) => Err(Failure::Silent(patience)),
            Err(RecvTimeoutError::Disconnected) => Err(Failure::Ended(self.last_words())),
        };
        if let Err(failure) = &answer {
            self.end();
            self.failure = Some(failure.clone());
        }
        answer
    }

    /// Returns what an ended child complained about last.
    fn last_words(&mut self) -> String {
        self.end();
        let last = self.complaints.iter().filter(|line| !line.trim().is_empty()).last();
        last.map(|line| format!(": {}", shortened(&line))).unwrap_or_default()
    }

    fn end(&mut self) {
        // Both fail where it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// Returns the lines of `pipe` as they come, until it is closed.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (lines, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            if lines.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

/// Returns the words of a command; what stands between quotes of one kind is of one word.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for character in command.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => word.get_or_insert_default().push(character),
            None if character == '"' || character == '\'' => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(COMPLAINT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    /// Starts `script` in a shell.
    fn shell(script: &str) -> Child {
        Child::start(&format!("sh -c \"{script}\"")).expect("there is a shell")
    }

    #[test]
    fn each_question_has_its_answer() {
        let mut child = shell("while read line; do echo $line; done");
        for number in [1, 2] {
            assert_eq!(child.ask(&serde_json::json!(number), SOON), Ok(serde_json::json!(number)));
        }
    }

    #[test]
    fn a_child_that_ends_says_its_last_words_each_time() {
        let mut child = shell("read line; echo no luck >&2; exit 7");
        let ended = Err(Failure::Ended(": no luck".to_owned()));
        assert_eq!(child.ask(&Json::Null, SOON), ended);
        assert_eq!(child.ask(&Json::Null, SOON), ended);
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let mut child = shell("exec sleep 600");
        let patience = Duration::from_millis(50);
        // More than a pipe holds.
        let long = Json::from("x".repeat(1_000_000));
        assert_eq!(child.ask(&long, patience), Err(Failure::Silent(patience)));
        assert_eq!(child.ask(&long, SOON), Err(Failure::Silent(patience)));
        assert!(child.process.try_wait().expect("a status").is_some(), "it lives on");
    }

    #[test]
    fn what_is_no_json_is_no_answer() {
        assert_eq!(shell("echo Segmentation").ask(&Json::Null, SOON), Err(Failure::Babble("Segmentation".to_owned())));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        for command in ["/no/such/program --now", ""] {
            let Err(Failure::Absent { program, .. }) = Child::start(command) else { panic!("started {command}") };
            assert_eq!(program, command.split(' ').next().unwrap_or_default());
        }
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(words("a  'b c' d\"e \"f ''"), ["a", "b c", "de f", ""]);
    }
}
