//! Where things are. Inside the library every position is a range of bytes; the two texts that
//! ranges point into have two types, so that one cannot be taken for the other.

use std::ops::Range;

/// A range of bytes of [`Source::text`](crate::source::Source::text): the decoded text, without a BOM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// A range of bytes of [`Normal::text`](crate::normal::Normal::text). It becomes a [`Span`] only
/// through [`Normal::to_source`](crate::normal::Normal::to_source).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormalSpan {
    pub start: u32,
    pub end: u32,
}

macro_rules! range_of_bytes {
    ($name:ident) => {
        impl $name {
            /// # Panics
            ///
            /// In debug builds, when `end` is before `start`.
            pub fn new(start: usize, end: usize) -> Self {
                debug_assert!(start <= end, "a span from {start} to {end}");
                Self { start: start as u32, end: end as u32 }
            }

            /// The range for slicing.
            pub fn range(self) -> Range<usize> {
                self.start as usize..self.end as usize
            }

            /// Length in bytes.
            pub fn len(self) -> usize {
                (self.end - self.start) as usize
            }

            pub fn is_empty(self) -> bool {
                self.start == self.end
            }

            /// The smallest span that holds both.
            pub fn union(self, other: Self) -> Self {
                Self { start: self.start.min(other.start), end: self.end.max(other.end) }
            }

            /// Whether `other` lies inside.
            pub fn covers(self, other: Self) -> bool {
                self.start <= other.start && other.end <= self.end
            }

            /// Whether the two share at least one byte.
            pub fn overlaps(self, other: Self) -> bool {
                self.start < other.end && other.start < self.end
            }
        }
    };
}

range_of_bytes!(Span);
range_of_bytes!(NormalSpan);
