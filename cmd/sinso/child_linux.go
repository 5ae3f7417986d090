package main

import "syscall"

// dieWithParent has the system end a child whose parent was killed: the buyer's
// node of a demo is of use to nobody without it.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }
