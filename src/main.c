/*
 * main: main() for a program that consists of a table of demos and the library.
 * It has a file of its own, so that a program with its own main() links, too.
 */
#include "lockstep/demo.h"

int
main(int argc, char *argv[])
{
	return lockstep_main(demos, argc, argv);
}
