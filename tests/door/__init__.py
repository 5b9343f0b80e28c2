"""The front door from outside: a real web process, real sockets, in its fast form and in its plain one."""
