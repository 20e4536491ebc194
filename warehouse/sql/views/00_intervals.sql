-- Wilson's interval of a part, 95 %: how far `part` of `whole` would stray by chance. It
-- stays within 0 and 1 and says something of 0 of 10, which the textbook one does not.
-- Wilson 1927, Probable inference, the law of succession, and statistical inference.
create or replace macro wilson_low(part, whole) as
    case
        when whole > 0 then greatest(
            0.0,
            (
                part + 1.92 - 1.96 * sqrt(greatest(0.0, part * (whole - part) / whole::double) + 0.96)
            ) / (whole + 3.84)
        )
    end;

create or replace macro wilson_high(part, whole) as
    case
        when whole > 0 then least(
            1.0,
            (
                part + 1.92 + 1.96 * sqrt(greatest(0.0, part * (whole - part) / whole::double) + 0.96)
            ) / (whole + 3.84)
        )
    end;

comment on macro wilson_low is 'Lower end of the 95 % interval of a part of a whole (Wilson), 0 to 1; null of nothing.';
comment on macro wilson_high is 'Upper end of it.';
