#!/usr/bin/env bash
# Tries the settings for Emacs and Flycheck of docs/editors.md. EXO_LINT_EMACS names another Emacs,
# EXO_LINT_FLYCHECK the folder of another Flycheck than Debian's.
source "$(dirname "$0")/common.sh"
emacs=${EXO_LINT_EMACS:-emacs}
need "$emacs" emacs-nox
flycheck=${EXO_LINT_FLYCHECK:-}
if [[ ! $flycheck ]]; then
    there() { compgen -G '/usr/share/emacs/site-lisp/elpa-src/flycheck-*' | head -n 1; }
    [[ $(there) ]] || install elpa-flycheck || { echo "flycheck is missing" >&2; exit 2; }
    flycheck=$(there)
fi
block exo-lint.el > "$work/exo-lint.el"

cat > "$work/try.el" <<'END_OF_LISP'
;; -*- coding: utf-8 -*-
(require 'subr-x)
(dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa-src/*"))
  (add-to-list 'load-path folder))
(add-to-list 'load-path (getenv "FLYCHECK"))
(require 'flycheck)
(let ((coding-system-for-read 'utf-8))
  (load-file (expand-file-name "exo-lint.el" (getenv "WORK"))))
;; Debian has the mode for Markdown apart; the settings name it.
(unless (fboundp 'markdown-mode)
  (define-derived-mode markdown-mode text-mode "Markdown"))

;; As where the system does not speak UTF-8.
(setq default-process-coding-system '(euc-jp . euc-jp))

(defvar passed 0)
(defvar failed 0)
(defvar opened nil)
(setq flycheck-check-syntax-automatically nil
      browse-url-browser-function (lambda (url &rest _) (setq opened url)))

(defun same (expected actual what)
  (if (equal expected actual)
      (setq passed (1+ passed))
    (setq failed (1+ failed))
    (message "%s: expected %S, got %S" what expected actual)))

(defun holds (condition what)
  (same t (and condition t) what))

(defvar ended nil)
(add-hook 'flycheck-after-syntax-check-hook (lambda () (setq ended 'finished)))
(add-hook 'flycheck-syntax-check-failed-hook (lambda () (setq ended 'failed)))

(defun check ()
  "What is found in this buffer."
  (setq ended nil)
  (flycheck-buffer)
  (let ((left 1000))
    (while (and (not ended) (> left 0))
      (accept-process-output nil 0.01)
      (setq left (1- left))))
  flycheck-current-errors)

(defun visit (file)
  (find-file (expand-file-name file (getenv "WORK")))
  (markdown-mode)
  (flycheck-mode 1)
  (same 'exo-lint (flycheck-get-checker-for-buffer) (concat file ": checker"))
  (check))

(defun place (err)
  (list (flycheck-error-line err) (flycheck-error-column err)
        (flycheck-error-end-line err) (flycheck-error-end-column err)
        (flycheck-error-level err)))

(defun underlined ()
  "What the overlays of Flycheck cover, from the top."
  (mapcar (lambda (o) (buffer-substring-no-properties (overlay-start o) (overlay-end o)))
          (sort (seq-filter (lambda (o) (overlay-get o 'flycheck-error))
                            (overlays-in (point-min) (point-max)))
                (lambda (a b) (< (overlay-start a) (overlay-start b))))))

(let ((found (visit "site/copy.md")))
  (same '((3 9 3 15 error) (5 8 6 5 error) (8 1 8 11 warning) (10 1 10 5 info))
        (mapcar #'place found) "places")
  (same '("シミが消える" "シミがきれいに\n消え去り" "アレルギーテスト済み" "診療時間")
        (underlined) "words")
  (holds (string-match-p "\\`「シミが消える」は、.*\n根拠: .+第66条第1項\n言い換え: .+（日やけ止め）／.+\\'"
                         (flycheck-error-message (car found)))
         "message")
  (same "cosmetics/spot-removal" (flycheck-error-id (car found)) "rule")
  (goto-char (point-min))
  (search-forward "シミが")
  (exo-lint-browse-rule)
  (holds (and opened (string-match-p "/cosmetics/spot-removal" opened)) "the page of the rule")
  (flycheck-explain-error-at-point)
  (holds (with-current-buffer flycheck-explain-error-buffer
           (string-match-p "薬機法\\|医薬品" (buffer-string)))
         "the explanation"))

(same nil (visit "site/saved.md") "nothing to say")
(erase-buffer)
(insert "\n𠮷シミが消える。\n")
(same '((2 2 2 8 error)) (mapcar #'place (check)) "what is not saved")
(set-buffer-file-coding-system 'shift_jis)
(same '((2 2 2 8 error)) (mapcar #'place (check)) "and is to be saved in another encoding")
(set-buffer-modified-p nil)

(same nil (visit "quasi/cream.md") "settings of the folder")
(let ((found (visit "broken/copy.md")))
  (same '((1 nil nil nil error)) (mapcar #'place found) "settings that cannot be read")
  (holds (string-match-p "\\`exo-lint.toml:1\n.*原因: .*\n.*直し方: " (flycheck-error-message (car found)))
         "and why"))

(let ((found (seq-sort-by #'flycheck-error-line #'< (visit "site/damaged.md"))))
  (same '((1 nil nil nil error) (4 1 4 7 error)) (mapcar #'place found) "what is not evaluated")
  (holds (string-match-p "cosmetcs" (flycheck-error-message (car found))) "and why"))

(princ (format "emacs: %d passed, %d failed\n" passed failed))
(kill-emacs (if (= failed 0) 0 1))
END_OF_LISP

export WORK=$work FLYCHECK=$flycheck
# A word in front matter that no category has, found with the rest of the page.
printf -- '---\ncategory: cosmetcs\n---\nシミが消える。\n' > "$work/site/damaged.md"
"$emacs" -Q --batch --load "$work/try.el" < /dev/null 2> "$work/said" || { cat "$work/said" >&2; exit 1; }
