/*
 * main: of a program that is a table of demos and the library. Apart from all
 * else, so that a program with a main of its own links too.
 */
#include "lockstep/demo.h"

int
main(int argc, char *argv[])
{
	return lockstep_main(demos, argc, argv);
}
