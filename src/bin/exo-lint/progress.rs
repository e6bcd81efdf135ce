//! How far a long run has come, for people at a terminal.

use std::time::Duration;

use exo_lint::lang::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs that are over before this show nothing.
const SHORT: Duration = Duration::from_millis(500);

/// A bar on standard error; indicatif shows none where that is no terminal.
pub struct Progress {
    bar: ProgressBar,
    /// Where it is drawn, once it is; `None` for runs that say nothing.
    target: Option<fn() -> ProgressDrawTarget>,
    /// How long it waits before.
    pause: Duration,
}

impl Progress {
    pub fn new(files: usize, quiet: bool, lang: Lang) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        let shape =
            lang.pick("点検中 {bar:30} {pos}/{len} ファイル（残り {eta}）", "{bar:30} {pos}/{len} files ({eta} left)");
        bar.set_style(ProgressStyle::with_template(shape).expect("a template of ours"));
        Self { bar, target: (!quiet).then_some(ProgressDrawTarget::stderr), pause: SHORT }
    }

    /// One more file is done.
    pub fn step(&self) {
        if let Some(target) = self.target
            && self.bar.is_hidden()
            && self.bar.elapsed() >= self.pause
            && self.bar.length().is_some_and(|files| files > 1)
        {
            self.bar.set_draw_target(target());
        }
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use indicatif::InMemoryTerm;

    use super::*;

    thread_local!(static TERMINAL: RefCell<InMemoryTerm> = RefCell::new(InMemoryTerm::new(4, 80)));

    fn on_terminal() -> ProgressDrawTarget {
        let terminal = TERMINAL.with_borrow(Clone::clone);
        ProgressDrawTarget::term_like_with_hz(Box::new(terminal), 255)
    }

    fn shown() -> String {
        TERMINAL.with_borrow(InMemoryTerm::contents)
    }

    #[test]
    fn a_long_run_shows_how_far_it_is_and_takes_that_away() {
        let at_once = |files, quiet| Progress {
            target: if quiet { None } else { Some(on_terminal as fn() -> ProgressDrawTarget) },
            pause: Duration::ZERO,
            ..Progress::new(files, quiet, Lang::Ja)
        };
        let progress = at_once(3, false);
        progress.step();
        progress.bar.tick();
        assert!(shown().starts_with("点検中") && shown().contains("1/3 ファイル"), "{}", shown());
        progress.end();
        assert_eq!(shown(), "");
        // One file, or a quiet run, shows nothing.
        for progress in [at_once(1, false), at_once(3, true)] {
            progress.step();
            progress.bar.tick();
            assert_eq!(shown(), "");
        }
        assert!(Progress::new(3, false, Lang::Ja).pause == SHORT);
    }
}
