#include "monitoring/backup_ages.h"

namespace aegis::monitoring {
namespace {

constexpr const char* k_script = R"pl(#!/usr/bin/perl
# Tells the node exporter when the newest backup of each guest was made:
#   backup-ages [ENTRY GUEST VMID STORAGE RPO]...
use strict;
use warnings;
use JSON::PP qw(decode_json);

my $file = '/var/lib/prometheus/node-exporter/aegisctl_backups.prom';
my (%backups, $text);

sub backups_on {
  my ($storage) = @_;
  my @words = ('pvesh', 'get', "/nodes/localhost/storage/$storage/content",
               '--content', 'backup', '--output-format', 'json');
  open(my $pipe, '-|', @words) or die "pvesh: $!\n";
  local $/;
  my $json = <$pipe>;
  close($pipe) or die "pvesh cannot list the backups on $storage\n";
  return decode_json($json);
}

while (my ($entry, $guest, $vmid, $storage, $rpo) = splice(@ARGV, 0, 5)) {
  $backups{$storage} //= backups_on($storage);
  my $newest = 0;
  for my $backup (@{ $backups{$storage} }) {
    next if ($backup->{vmid} // 0) != $vmid;
    $newest = $backup->{ctime} if $backup->{ctime} > $newest;
  }
  my $labels = qq({entry="$entry",resource="$guest"});
  $text .= "aegisctl_backup_newest_seconds$labels $newest\n";
  $text .= "aegisctl_backup_rpo_seconds$labels $rpo\n";
}

open(my $out, '>', "$file.new") or die "$file.new: $!\n";
print $out $text;
close($out) or die "$file.new: $!\n";
chmod(0644, "$file.new");
rename("$file.new", $file) or die "$file: $!\n";
)pl";

}  // namespace

std::string backup_ages_script() {
  return k_script;
}

}  // namespace aegis::monitoring
