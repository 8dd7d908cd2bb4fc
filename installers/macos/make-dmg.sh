#!/bin/sh
# Makes a disk image of the application that PyInstaller made.
# usage: make-dmg.sh VERSION
#
# With CHARTDROP_SIGNING_IDENTITY, a Developer ID that is in the keychain, the application is signed with it, hardened; without,
# for this machine alone, so that macOS asks before it opens it elsewhere.
set -eu
cd "$(dirname "$0")/../.."
version=$1
app="build/bundle/Chartdrop.app"
image="dist/Chartdrop-$version.dmg"
staging="build/dmg"

[ -d "$app" ] || { echo "make-dmg: $app is missing: run \`make bundle\` first." >&2; exit 1; }

if [ -n "${CHARTDROP_SIGNING_IDENTITY:-}" ]; then
    codesign --force --deep --timestamp --options runtime --entitlements installers/macos/entitlements.plist \
        --sign "$CHARTDROP_SIGNING_IDENTITY" "$app"
else
    codesign --force --deep --sign - "$app"
fi
codesign --verify --deep --strict "$app"

rm -rf "$staging" "$image"
mkdir -p "$staging" dist
cp -R "$app" "$staging/"
ln -s /Applications "$staging/Applications"
hdiutil create -volname "Chartdrop $version" -srcfolder "$staging" -fs HFS+ -format UDZO -quiet "$image"
rm -rf "$staging"
echo "$image"
