//go:build !linux

package main

import "syscall"

// dieWithParent can be asked of Linux alone: elsewhere a child whose parent was
// killed ends with its command.
func dieWithParent() *syscall.SysProcAttr { return nil }
