//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use exo_lint::lang::Lang;
use exo_lint::product::Category;
use exo_lint::provision::Authority;
use exo_lint::report::Form;
use exo_lint::rule::{FailOn, Severity};
use exo_lint::source::Encoding;
use exo_lint::suppression;
use jiff::civil::Date;

use crate::output::{self, Target};
use crate::settings::{Choice, Wish};

/// 美容・健康広告の表現を、薬機法などに照らして点検します。文章は外部に送られません。
#[derive(Debug, Parser)]
#[command(name = "exo-lint", version, subcommand_precedence_over_arg = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub check: Check,

    /// 設定ファイル（省略すると、今のフォルダから上へ exo-lint.toml を探す）
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// 設定ファイルを読まない
    #[arg(long, global = true, conflicts_with = "config")]
    isolated: bool,

    /// 組み込みの規則の代わりに使う、規則のフォルダ（rulesets/ の写しを直して試すとき）
    #[arg(long, global = true, value_name = "FOLDER")]
    rulesets: Option<PathBuf>,

    /// 画面の言葉（規則の文は日本語のまま。省略すると、設定か ja）
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    lang: Option<LangName>,

    /// この日に効力のある条項による（2026-11-22 のように。抑止の期限も、この日で見る）
    #[arg(long, global = true, value_parser = suppression::date, value_name = "DATE")]
    as_of: Option<Date>,
}

impl Args {
    pub fn choice(&self) -> Choice {
        Choice { file: self.config.clone(), isolated: self.isolated, rulesets: self.rulesets.clone() }
    }

    /// The language asked for.
    pub fn lang(&self) -> Option<Lang> {
        self.lang.map(|lang| match lang {
            LangName::Ja => Lang::Ja,
            LangName::En => Lang::En,
        })
    }

    /// What beats the configuration, for commands that only need the rules.
    pub fn wish(&self) -> Wish {
        Wish { lang: self.lang(), as_of: self.as_of, ..Wish::default() }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// ファイルを点検する（省略できます）
    Check(Box<Check>),
    /// 規則の一覧
    Rules,
    /// 規則の説明: 根拠の条文、理由、言い換え、例
    Explain { rule: String },
    /// その場所がどう読まれ、なぜ指摘された・されなかったか
    Why {
        /// ファイル:行:列（列は文字数、1 から）
        place: String,
        /// 区分（省略すると、ファイルの指定か cosmetics）
        #[arg(long = "category", id = "why-category", value_parser = category, value_name = "NAME")]
        category: Option<Category>,
        /// 文字コード（省略すると、ファイルから判定）
        #[arg(long = "encoding", id = "why-encoding", value_parser = encoding, value_name = "NAME")]
        encoding: Option<Encoding>,
        /// JSON で出力する
        #[arg(long)]
        json: bool,
    },
    /// 規則に書かれた例がすべて成り立つか確かめる
    Test {
        /// 自分の規則ファイル。省略すると組み込みの規則
        files: Vec<PathBuf>,
        /// この規則だけを試す
        #[arg(long, value_name = "ID")]
        rule: Option<String>,
    },
    /// 設定ファイル exo-lint.toml のひな形を、今のフォルダに書く
    Init,
    /// シェルの補完: bash zsh fish powershell elvish
    Completions { shell: clap_complete::Shell },
    /// man ページ（roff）
    #[command(hide = true)]
    Man,
    /// 規則のページをフォルダに書く
    #[command(hide = true)]
    Pages { folder: PathBuf },
    /// JSON スキーマ: 出力、設定ファイル、規則ファイル
    #[command(hide = true)]
    Schema {
        #[arg(value_enum, default_value_t = Described::Output)]
        of: Described,
    },
    /// 手がかりの語（性能の比較に使う）
    #[command(hide = true)]
    Anchors,
}

#[derive(Debug, clap::Args)]
pub struct Check {
    /// ファイルかフォルダ。- は標準入力。省略すると今のフォルダ
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// 区分: cosmetics quasi-drug otc-drug clinic health-food functional-food device goods general
    #[arg(long, value_parser = category, value_name = "NAME")]
    pub category: Option<Category>,

    /// 製品の種類（洗顔料、日やけ止め、SPF、効能評価試験済み など。コンマで並べられます）
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    pub product: Vec<String>,

    /// 画面に出す形: human concise json jsonl sarif github gitlab checkstyle junit rdjson rdjsonl
    #[arg(long, value_parser = output::form, default_value = "human", value_name = "FORMAT")]
    pub format: Form,

    /// ほかの形でファイルにも書く。いくつでも（例: --output sarif=exo-lint.sarif）
    #[arg(long, value_parser = Target::parse, value_name = "FORMAT=FILE")]
    pub output: Vec<Target>,

    /// この重さ以上の指摘があれば終了コードを 1 にする: error warning info never（省略すると warning）
    #[arg(long, value_parser = fail_on, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,

    /// この重さ以上の指摘だけを示す
    #[arg(long, value_parser = severity, value_name = "SEVERITY")]
    pub min_severity: Option<Severity>,

    /// 根拠がこれらである規則だけを使う: law notice guideline industry（コンマで並べる）
    #[arg(long, value_parser = authority, value_delimiter = ',', value_name = "WHOSE")]
    pub authority: Vec<Authority>,

    /// 重いものから N 件だけを示す（終了コードと件数は全体のもの）
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,

    /// 規則ごと・ファイルごとの件数を示す
    #[arg(long)]
    pub statistics: bool,

    /// 認められて抑止された指摘も、理由とともに示す
    #[arg(long)]
    pub show_suppressed: bool,

    /// 認めた指摘の台帳（省略すると、今のフォルダから上へ exo-lint-accepted.toml を探す）
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub accepted: Option<PathBuf>,

    /// 今ある指摘をすべて、理由とともに台帳に書く（当たらなくなったものは除く）
    #[arg(long, requires = "reason", conflicts_with = "isolated")]
    pub write_accepted: bool,

    /// 認める理由（--write-accepted とともに）
    #[arg(long, value_name = "TEXT", requires = "write_accepted", value_parser = reason)]
    pub reason: Option<String>,

    /// 認めた人（--write-accepted とともに）
    #[arg(long, value_name = "NAME", requires = "write_accepted")]
    pub by: Option<String>,

    /// 認める最後の日（--write-accepted とともに）
    #[arg(long, value_name = "DATE", requires = "write_accepted", value_parser = suppression::date)]
    pub until: Option<Date>,

    /// 文字コード（shift_jis、euc-jp など。省略すると、ファイルから判定）
    #[arg(long, value_parser = encoding, value_name = "NAME")]
    pub encoding: Option<Encoding>,

    /// 表示されない部分も点検する
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub include: Vec<Hidden>,

    /// 点検せず、どのファイルを読むか・読まないかを理由とともに示す
    #[arg(long)]
    pub show_files: bool,

    /// 点検せず、効いている設定を TOML で示す
    #[arg(long)]
    pub show_config: bool,

    /// 名指しされたファイルも、.gitignore などで除かれていれば読まない
    #[arg(long)]
    pub force_exclude: bool,

    /// git で変わったファイルだけを点検する（BASE と比べて。省略すると HEAD）
    #[arg(long, value_name = "BASE", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub changed: Option<String>,

    /// 変わるたびに点検し直す（終わるのは Ctrl-C）
    #[arg(long, conflicts_with_all = ["write_accepted", "output"])]
    pub watch: bool,

    /// 標準入力の名前（拡張子で書式を決める）
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,

    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help = "色を付けるか")]
    pub color: Color,

    /// 並べて読む数（0 は自動）
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,

    /// 指摘を表示せず、終了コードだけを返す
    #[arg(long, short)]
    pub quiet: bool,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Described {
    Output,
    Lines,
    Config,
    Rules,
    Accepted,
}

/// What is not part of the visible page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hidden {
    /// HTML のコメント
    Comments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LangName {
    Ja,
    En,
}

pub fn category(name: &str) -> Result<Category, String> {
    Category::parse(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = Category::ALL.iter().map(|c| c.name()).collect();
        format!("区分は次のどれかです: {}", names.join(" "))
    })
}

fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::parse(name).ok_or_else(|| {
        "知らない文字コードです。utf-8 shift_jis euc-jp iso-2022-jp utf-16le utf-16be などから選んでください".to_owned()
    })
}

fn fail_on(name: &str) -> Result<FailOn, String> {
    FailOn::parse(name.trim()).ok_or_else(|| "error、warning、info、never のどれかです".to_owned())
}

fn authority(name: &str) -> Result<Authority, String> {
    Authority::ALL.into_iter().find(|authority| authority.name() == name.trim()).ok_or_else(|| {
        "law（法令）、notice（通知）、guideline（ガイドライン）、industry（業界自主基準）のどれかです".to_owned()
    })
}

fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("理由を書いてください".to_owned()) } else { Ok(text.trim().to_owned()) }
}

fn severity(name: &str) -> Result<Severity, String> {
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .find(|s| s.name() == name.trim())
        .ok_or_else(|| "error、warning、info のどれかです".to_owned())
}
