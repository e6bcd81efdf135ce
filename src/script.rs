//! The scripts of Japanese, by character.

/// What a character is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Han,
    Hiragana,
    /// The mark of a long vowel, too.
    Katakana,
    Other,
}

impl Script {
    /// Of a character, in whatever width.
    pub fn of(c: char) -> Self {
        match c {
            'ぁ'..='ゖ' => Self::Hiragana,
            'ァ'..='ヺ' | 'ー' | 'ｦ'..='ﾟ' => Self::Katakana,
            '々' | '\u{3400}'..='\u{9FFF}' | '\u{2F00}'..='\u{2FDF}' | '\u{20000}'..='\u{3FFFF}' => Self::Han,
            _ => Self::Other,
        }
    }
}

pub fn is_katakana(c: char) -> bool {
    Script::of(c) == Script::Katakana
}

pub fn is_hiragana(c: char) -> bool {
    Script::of(c) == Script::Hiragana
}

pub fn is_kanji(c: char) -> bool {
    Script::of(c) == Script::Han
}
