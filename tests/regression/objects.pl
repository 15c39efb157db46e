#!/usr/bin/perl
# The SQL by which pg_dump's own tests fill their database: prints it from
# src/bin/pg_dump/t/002_pg_dump.pl, in the order that is told there.
use strict;
use warnings;

my ($file) = @ARGV;
open my $in, '<', $file or die "$file: $!";
my $text = join '', <$in>;
$text =~ m{^my %tests = \((.*?)\);\n\n####}ms or die "$file: no tests";
my %tests;
{
	# the rest of that file's variables are left empty
	no strict;
	no warnings;
	%tests = eval "($1)";
	die $@ if $@;
}

sub order {
	my $n = $tests{ $_[0] }{create_order};
	return defined $n ? $n : 1 << 30;
}

for my $name (sort { order($a) <=> order($b) || $a cmp $b } keys %tests) {
	my $sql = $tests{$name}{create_sql};
	next if !$sql || ($tests{$name}{database} || 'postgres') ne 'postgres';
	$sql =~ s/\s*;?\s*$//;
	print "$sql;\n";
}
