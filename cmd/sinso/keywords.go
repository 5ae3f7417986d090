package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// readWords reads a file with words of a root key; "-" is stdin.
func readWords(cmd *cobra.Command, name string) (string, error) {
	in := cmd.InOrStdin()
	if name != toStdout {
		file, err := os.Open(name) //nolint:gosec // the caller names it
		if errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("there is no file %q: %w", name, sinso.ErrNotFound)
		}
		if err != nil {
			return "", fmt.Errorf("read the words: %w: %w", err, sinso.ErrUnavailable)
		}
		defer file.Close() //nolint:errcheck // it was read
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, node.MaxKeyWords+1))
	if err != nil {
		return "", fmt.Errorf("read the words: %w: %w", err, sinso.ErrUnavailable)
	}
	defer clear(text)
	return string(text), nil
}

// gather reads a recovery phrase or shares from files, or asks for them where none is named.
func gather(cmd *cobra.Command, files []string) (*node.KeyWords, error) {
	words := &node.KeyWords{}
	for _, name := range files {
		text, err := readWords(cmd, name)
		if err == nil {
			err = words.Add(text)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(files) > 0 {
		return words, nil
	}
	t := terminalOf(cmd)
	if t == nil {
		return nil, &usageError{errors.New("name the files with the recovery phrase or the shares, or - for stdin")}
	}
	for words.Missing() != 0 {
		prompt := "recovery phrase, or a share (not shown): "
		if n := words.Missing(); n > 0 {
			prompt = fmt.Sprintf("another share, %d more are needed (not shown): ", n)
		}
		line, err := t.hidden(prompt)
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			return nil, fmt.Errorf("nothing was typed: %w", sinso.ErrInvalid)
		}
		if err := words.Add(string(line)); err != nil {
			fmt.Fprintf(t.out, "that is none: %s\n", err)
		}
		clear(line)
	}
	return words, nil
}
