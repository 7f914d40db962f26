int  badly( spaced );
