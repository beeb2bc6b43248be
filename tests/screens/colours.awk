# A screen with its colours, as tmux captures it, in a form that depends on
# what is seen alone: the colour of a blank is not, and is left out.
# Colours stand as {colour attributes} before what has them.
BEGIN { now = shown = "{}" }
{
	out = ""
	line = $0
	while (line != "") {
		if (match(line, /^\033\[[0-9;]*m/)) {
			sgr(substr(line, 3, RLENGTH - 3))
			line = substr(line, RLENGTH + 1)
			continue
		}
		if (match(line, /^\033[()]./) || match(line, /^[\016\017]/)) {
			line = substr(line, RLENGTH + 1)
			continue
		}
		c = substr(line, 1, 1)
		line = substr(line, 2)
		now = "{" colour (bold ? " bold" : "") (rev ? " rev" : "") "}"
		if ((c != " " || rev) && now != shown) {
			out = out now
			shown = now
		}
		out = out c
	}
	sub(/ +$/, "", out)
	print out
}

function sgr(list, n, i, p) {
	n = split(list, p, ";")
	if (n == 0)
		colour = bold = rev = ""
	for (i = 1; i <= n; i++) {
		if (p[i] == 0)
			colour = bold = rev = ""
		else if (p[i] == 1)
			bold = 1
		else if (p[i] == 7)
			rev = 1
		else if (p[i] == 22)
			bold = ""
		else if (p[i] == 27)
			rev = ""
		else if (p[i] == 38) {
			colour = p[i + 2]
			i += 2
		} else if (p[i] == 39)
			colour = ""
		else if (p[i] >= 30 && p[i] <= 37)
			colour = p[i] - 30
	}
}
