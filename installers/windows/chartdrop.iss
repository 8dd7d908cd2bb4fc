; The installer for Windows, made by Inno Setup 6 of the folder that PyInstaller made:
;
;     iscc /DVersion=0.1.0 installers\windows\chartdrop.iss
;
; It installs for the person who runs it and asks for no administrator. Group policy and device management run it silently:
;
;     chartdrop-setup-0.1.0.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART [/ALLUSERS] [/DIR="..."] [/TASKS="atlogin"]
;
; Removing it leaves every encrypted store where it is.

#ifndef Version
  #error Say which version: iscc /DVersion=...
#endif
#define Bundle "..\..\build\bundle\chartdrop"

[Setup]
; Never another: by this, Windows knows a later version for an upgrade of this one.
AppId={{6E0B4C1E-7B0E-4E43-9C57-2D6C1C1A8F10}
AppName=Chartdrop
AppVersion={#Version}
AppPublisher=The Chartdrop developers
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Chartdrop
DefaultGroupName=Chartdrop
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=chartdrop-setup-{#Version}
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
UninstallDisplayIcon={app}\chartdrop-window.exe
; A running Chartdrop is asked to end and started again, so that no file of the old version stays in use.
CloseApplications=yes
RestartApplications=yes
ChangesEnvironment=yes

[Tasks]
Name: "atlogin"; Description: "Start Chartdrop when I sign in"; Flags: unchecked
Name: "onpath"; Description: "Put the command chartdrop on the path"; Flags: unchecked

[InstallDelete]
; What an earlier version brought and this one does not.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Chartdrop"; Filename: "{app}\chartdrop-window.exe"
Name: "{autostartup}\Chartdrop"; Filename: "{app}\chartdrop-window.exe"; Tasks: atlogin

[Registry]
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: onpath; Check: IsNotOnPath

[Run]
Filename: "{app}\chartdrop-window.exe"; Description: "Start Chartdrop"; Flags: nowait postinstall skipifsilent

[Code]
function IsNotOnPath(): Boolean;
var
  Found: String;
begin
  if not RegQueryStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Found) then
    Found := '';
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Found) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Found: String;
begin
  if Step <> usPostUninstall then
    Exit;
  if RegQueryStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Found) then
    if StringChangeEx(Found, ';' + ExpandConstant('{app}'), '', True) > 0 then
      RegWriteExpandStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Found);
end;
