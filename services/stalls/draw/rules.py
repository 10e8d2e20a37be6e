"""The rules of the draw in words. Their digest goes into every seed, so a change of one letter is a new version."""

import hashlib
from collections.abc import Mapping

TITLE = "Bachat Haat, rules of the stall draw, version {version}\n\n"
CHOICE = """\
1. One line. Applicants are ordered by (tier, SHA-256 of "SEED:TICKET" in hex, ticket), smallest first; the place in
   it is the same at every event. The tier is the number of stalls confirmed in the last twelve months, at most 7.
2. Each applicant applies to her best event that has not refused her; each event keeps whom it chooses among those it
   kept and those who apply, and refuses the others; repeated until nobody applies any more.
3. An event chooses in passes: for the stage "open", then for every other stage in the order in which the plan first
   names it, a guarantee and a fill; at last the fallback. In a pass an applicant may take a stall of a line
   - guarantee: of this stage, which she may use, whose products take all of hers, and which has tags or a district of
     which one is hers;
   - fill: of this stage, which she may use, and whose products take all of hers;
   - fallback: whose fallback products take all of hers.
   Everybody may use the stage "open".
4. In each pass: S = the applicants who, added by place one after the other, can be seated at once in distinct free
   stalls. B = the stalls that, added in the order of the plan's lines, can be filled at once by distinct applicants.
   S takes B; the next pass goes on with the others and what is left.
5. An event's stalls are numbered from 1 in the order of its holders' places.
6. Reasons. Of the stalls of an event that refused her: a stall she could have taken in the pass that gave it out went
   to a better place; any other whose products take all of hers, to a reservation; any other, to other products.
7. Waiting. For each event she listed, an applicant without any stall stands behind those without any stall who listed
   it and have better places.
"""
ONE_NONCE = """\
8. The seed is the SHA-256 of these lines, joined by a line feed, with none at the end: BACHATHAAT/1; the inputs digest;
   the plan digest; the SHA-256 of this text; the SHA-256 of the public value, of which only digits and Latin letters
   count, written as ASCII digits and capitals without anything between them; the nonce. Digests are written in hex.
   The public value was published after the call was closed.
   The inputs digest is the SHA-256 of the lines of applications.csv and choices.csv in manifest.csv, the plan digest
   that of events.csv and plan.csv, the outcome digest that of outcome.csv and refusals.csv.
"""
MANY_NONCES = """\
8. The seed is the SHA-256 of these lines, joined by a line feed, with none at the end: BACHATHAAT/1; the inputs digest;
   the plan digest; the SHA-256 of this text; the SHA-256 of the public value, of which only digits and Latin letters
   count, written as ASCII digits and capitals without anything between them; then the opened nonces, one a line, in
   the order of their parties. Digests are written in hex.
   The inputs digest is the SHA-256 of the lines of applications.csv and choices.csv in manifest.csv, the plan digest
   that of events.csv and plan.csv, the outcome digest that of outcome.csv and refusals.csv.
9. Before anybody can apply, each party publishes a commitment, the SHA-256 of a nonce of her own. A nonce may be opened
   from the close until the hour for which the public value was announced, and not after it. What is not opened by then
   is struck out: it is in no line of the seed, and nobody can stop a draw by keeping silent.
10. The public value was published at the announced hour or after it, and after the call was closed. Where a round of
   its source was announced, it is that round; a later one only if the call was closed after the announced hour. One
   officer names it, who may name it anew until another one confirms the very same.
11. Each step is an entry of log.csv: opened, closed, nonce_opened, nonces_struck, value_named, confirmed, drawn. Its
   digest is the SHA-256 of these lines, joined by a line feed: the digest before, or 64 zeros; number; at; step; by;
   what.
12. "upgrade" says that an applicant wants a better choice should one become free later. The draw does not ask for it.
13. A dry run is a rehearsal and gives nobody anything. Its seed is the SHA-256 of these lines: BACHATHAAT/1 dry; the
   inputs digest; the plan digest; the label that stands as its public source.
"""
RULES_1 = TITLE.format(version=1) + CHOICE + ONE_NONCE
RULES = TITLE.format(version=2) + CHOICE + MANY_NONCES
RULES_DIGEST = hashlib.sha256(RULES.encode("ascii")).hexdigest()
KNOWN: Mapping[str, str] = {hashlib.sha256(text.encode("ascii")).hexdigest(): text for text in (RULES_1, RULES)}
"""Digest to text. What was closed by version 1 is still drawn by it: whom an event takes is the same in both."""
