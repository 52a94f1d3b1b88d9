@0xd2a1c4e6b0f39871;
# Events as the log stores them. Stored for ever.
struct Placeholder { unused @0 :Void; }
