"""What must not fail under load and kills, judged by the receivers' own logs."""
